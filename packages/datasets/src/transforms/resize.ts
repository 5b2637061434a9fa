import { checkOptions } from "../check.ts";
import type { ImageShape } from "../types.ts";
import { builtIn } from "./recipe.ts";
import { resample } from "./resample.ts";
import { checkSize } from "./size.ts";
import type { Size } from "./size.ts";
import type { Transform } from "./transform.ts";

/** Options of `resize`. */
export interface ResizeOptions {
  /** A number is the shorter side of the result, whose proportions stay; a pair is its exact size. */
  readonly size: Size;
}

/**
 * Resizes an image of any size, bilinear and smoothed when it gets smaller, with Pillow's bits.
 *
 * @throws OptionError when a side is no positive integer
 */
export function resize(options: ResizeOptions): Transform {
  checkOptions("resize", options, { size: true });
  const { size } = options;
  checkSize(size);
  return builtIn(
    "resize",
    { size },
    {
      anySize: true,
      outputShape: (shape) => resizedShape(shape, size),
      apply(image, target) {
        const [height, width] = image.shape;
        resample(image, { top: 0, left: 0, height, width }, target);
      },
    },
  );
}

/** The longer side is rounded down, as torchvision does. */
function resizedShape([height, width, channels]: ImageShape, size: Size): ImageShape {
  if (typeof size !== "number") return [size[0], size[1], channels];
  return height <= width
    ? [size, Math.floor((size * width) / height), channels]
    : [Math.floor((size * height) / width), size, channels];
}
