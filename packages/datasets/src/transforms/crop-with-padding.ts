import { checkInteger, checkOptions } from "../check.ts";
import { builtIn } from "./recipe.ts";
import type { Transform } from "./transform.ts";

/** Options of `cropWithPadding`; `cifarAugmentation` pads by 4. */
export interface CropWithPaddingOptions {
  /** Black pixels added on every side. Integer, 1 to 65,535. */
  readonly padding: number;
}

/**
 * Pads an image with black pixels on every side and cuts a window of the original size:
 * `target[y, x] = padded[y + top, x + left]`. Takes two random words: `top`, then `left`, each
 * uniform in `0..2 * padding`.
 *
 * @throws OptionError when `padding` is out of range
 */
export function cropWithPadding(options: CropWithPaddingOptions): Transform {
  checkOptions("cropWithPadding", options, { padding: true });
  const { padding } = options;
  checkInteger("padding", padding, 1, 65_535);
  return builtIn(
    "cropWithPadding",
    { padding },
    {
      outputShape: (shape) => shape,
      apply({ pixels, shape: [height, width, channels] }, target, random) {
        const moveY = random.integer(2 * padding + 1) - padding;
        const moveX = random.integer(2 * padding + 1) - padding;
        const stride = width * channels;
        const firstColumn = Math.max(0, moveX);
        const lastColumn = Math.min(width, width + moveX);
        target.pixels.fill(0);
        for (let y = 0; y < height; y++) {
          const row = y + moveY;
          if (row < 0 || row >= height || lastColumn <= firstColumn) continue;
          const from = row * stride;
          target.pixels.set(
            pixels.subarray(from + firstColumn * channels, from + lastColumn * channels),
            y * stride + (firstColumn - moveX) * channels,
          );
        }
      },
    },
  );
}
