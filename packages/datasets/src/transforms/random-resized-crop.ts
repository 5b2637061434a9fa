import { checkOptions, checkThat } from "../check.ts";
import { builtIn } from "./recipe.ts";
import { randomWindow } from "./random-window.ts";
import { resample } from "./resample.ts";
import { checkSize, heightAndWidth } from "./size.ts";
import type { Size } from "./size.ts";
import type { Transform } from "./transform.ts";

/** Options of `randomResizedCrop`, with torchvision's defaults. */
export interface RandomResizedCropOptions {
  /** Size of the result. */
  readonly size: Size;
  /** Smallest and largest share of the image's area. Default `[0.08, 1]`. */
  readonly scale?: readonly [smallest: number, largest: number] | undefined;
  /** Narrowest and widest `width / height`. Default `[3 / 4, 4 / 3]`. */
  readonly ratio?: readonly [narrowest: number, widest: number] | undefined;
}

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
  checkOptions("randomResizedCrop", options, { size: true, scale: true, ratio: true });
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
        resample(image, randomWindow(imageHeight, imageWidth, scale, ratio, random), target);
      },
    },
  );
}

function checkRange(
  option: "scale" | "ratio",
  range: readonly [number, number],
  largest: number,
): void {
  const isPair = Array.isArray(range) && range.length === 2 && range.every(Number.isFinite);
  const fits = isPair && range[0] > 0 && range[0] <= range[1] && range[1] <= largest;
  const expected = `two numbers above 0 and at most ${largest}, the smaller first`;
  checkThat(fits, option, expected, range);
}
