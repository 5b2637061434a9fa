import { checkOptions } from "../check.ts";
import { OptionError } from "../errors.ts";
import { builtIn } from "./recipe.ts";
import { checkSize, heightAndWidth } from "./size.ts";
import type { Size } from "./size.ts";
import { copyWindow } from "./window.ts";
import type { Transform } from "./transform.ts";

/** Options of `centerCrop`. */
export interface CenterCropOptions {
  /** Size of the result. */
  readonly size: Size;
}

/**
 * Cuts the middle out of an image that is at least as large. With an odd remainder the window lies
 * half a pixel to the nearer even side, as torchvision's `CenterCrop` rounds.
 *
 * @throws OptionError when a side is no positive integer, or an image is smaller
 */
export function centerCrop(options: CenterCropOptions): Transform {
  checkOptions("centerCrop", options, { size: true });
  const { size } = options;
  checkSize(size);
  const [height, width] = heightAndWidth(size);
  return builtIn(
    "centerCrop",
    { size },
    {
      outputShape(shape) {
        if (shape[0] < height || shape[1] < width) {
          throw new OptionError(
            "transforms",
            `centerCrop: expected images of at least ${height}x${width}, got ` +
              `${shape[0]}x${shape[1]}. Put resize before it, or ask for less.`,
          );
        }
        return [height, width, shape[2]];
      },
      apply(image, target) {
        const top = halfToEven(image.shape[0] - height);
        const left = halfToEven(image.shape[1] - width);
        copyWindow(image, top, left, target);
      },
    },
  );
}

/** `n / 2`, rounded to the even neighbour when it lies between two integers (Python's `round`). */
function halfToEven(n: number): number {
  const half = n >> 1;
  return n % 2 === 0 || half % 2 === 0 ? half : half + 1;
}
