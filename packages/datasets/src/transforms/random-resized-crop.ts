import { OptionError } from "../errors.ts";
import { builtIn } from "./recipe.ts";
import { resample } from "./resample.ts";
import type { Window } from "./resample.ts";
import { checkSize, heightAndWidth } from "./size.ts";
import type { Size } from "./size.ts";
import type { Transform, TransformRandom } from "./transform.ts";

export interface RandomResizedCropOptions {
  /** Size of the result. */
  readonly size: Size;
  /** Smallest and largest share of the image's area. Default `[0.08, 1]`. */
  readonly scale?: readonly [smallest: number, largest: number];
  /** Narrowest and widest `width / height`. Default `[3 / 4, 4 / 3]`. */
  readonly ratio?: readonly [narrowest: number, widest: number];
}

const attempts = 10;

/**
 * Cuts a window of random area and proportions out of an image of any size and resizes it: Szegedy
 * et al. 2014 (https://arxiv.org/abs/1409.4842), as torchvision's `RandomResizedCrop`. The area is
 * uniform in `scale`, the logarithm of the proportions in `ratio`. Each attempt takes four random
 * words: area, proportions, top, left. When ten windows do not fit, the largest in the middle that
 * keeps to `ratio` is taken.
 *
 * @throws OptionError when a size or a range is out of order
 */
export function randomResizedCrop(options: RandomResizedCropOptions): Transform {
  const { size, scale = [0.08, 1], ratio = [3 / 4, 4 / 3] } = options;
  checkSize(size);
  checkRange("scale", scale, 1);
  checkRange("ratio", ratio, 65_535);
  const [height, width] = heightAndWidth(size);
  return builtIn(
    "randomResizedCrop",
    { size, scale, ratio },
    {
      anySize: true,
      outputShape: (shape) => [height, width, shape[2]],
      apply(image, target, random) {
        const [imageHeight, imageWidth] = image.shape;
        const window =
          drawWindow(imageHeight, imageWidth, scale, ratio, random) ??
          middleWindow(imageHeight, imageWidth, ratio);
        resample(image, window, target);
      },
    },
  );
}

function drawWindow(
  imageHeight: number,
  imageWidth: number,
  scale: readonly [number, number],
  ratio: readonly [number, number],
  random: TransformRandom,
): Window | undefined {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const share = scale[0] + (scale[1] - scale[0]) * (random.word() / 0x100000000);
    const proportions = geometricBetween(ratio[0], ratio[1], random.word());
    const top = random.word();
    const left = random.word();
    const area = imageHeight * imageWidth * share;
    const width = Math.round(Math.sqrt(area * proportions));
    const height = Math.round(Math.sqrt(area / proportions));
    if (width < 1 || width > imageWidth || height < 1 || height > imageHeight) continue;
    return {
      top: Math.floor((top * (imageHeight - height + 1)) / 0x100000000),
      left: Math.floor((left * (imageWidth - width + 1)) / 0x100000000),
      height,
      width,
    };
  }
  return undefined;
}

function middleWindow(
  imageHeight: number,
  imageWidth: number,
  [narrowest, widest]: readonly [number, number],
): Window {
  let [height, width] = [imageHeight, imageWidth];
  if (imageWidth / imageHeight < narrowest) {
    height = Math.max(1, Math.min(imageHeight, Math.round(imageWidth / narrowest)));
  } else if (imageWidth / imageHeight > widest) {
    width = Math.max(1, Math.min(imageWidth, Math.round(imageHeight * widest)));
  }
  return { top: (imageHeight - height) >> 1, left: (imageWidth - width) >> 1, height, width };
}

/**
 * `low^(1-u) * high^u` for `u = word / 2^32`, to 2^-20 of `u`. By repeated square roots, since the
 * last bits of `exp` and `log` differ between engines.
 */
function geometricBetween(low: number, high: number, word: number): number {
  let value = low;
  let factor = high / low;
  for (let bit = 31; bit >= 12; bit--) {
    factor = Math.sqrt(factor);
    if ((word >>> bit) & 1) value *= factor;
  }
  return value;
}

function checkRange(
  option: "scale" | "ratio",
  [low, high]: readonly [number, number],
  largest: number,
): void {
  if (low > 0 && low <= high && high <= largest) return;
  throw new OptionError(
    option,
    `${option}: expected two numbers above 0 and at most ${largest}, the smaller first, ` +
      `got ${low} and ${high}.`,
  );
}
