import type { Window } from "./resample.ts";
import type { TransformRandom } from "./transform.ts";

const attempts = 10;

/**
 * The window of `randomResizedCrop`: one of random area and proportions at a random place, or the largest in the
 * middle that keeps to `ratio` when ten do not fit. Every bit of it is promised: docs/init-v1.md.
 */
export function randomWindow(
  imageHeight: number,
  imageWidth: number,
  scale: readonly [number, number],
  ratio: readonly [number, number],
  random: TransformRandom,
): Window {
  return (
    drawWindow(imageHeight, imageWidth, scale, ratio, random) ??
    middleWindow(imageHeight, imageWidth, ratio)
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
