import { builtIn } from "./recipe.ts";
import { resample } from "./resample.ts";
import { heightAndWidth } from "./size.ts";
import type { Size } from "./size.ts";
import type { Transform } from "./transform.ts";

/**
 * Brings an image of any size to one size: the largest window in its middle that has the proportions
 * of the result, resized.
 */
export function cover({ size }: { readonly size: Size }): Transform {
  const [height, width] = heightAndWidth(size);
  return builtIn(
    "cover",
    { size },
    {
      anySize: true,
      outputShape: (shape) => [height, width, shape[2]],
      apply(image, target) {
        const [imageHeight, imageWidth] = image.shape;
        const scale = Math.min(imageHeight / height, imageWidth / width);
        const side = (length: number, whole: number): number =>
          Math.max(1, Math.min(whole, Math.round(length * scale)));
        const window = { height: side(height, imageHeight), width: side(width, imageWidth) };
        const top = (imageHeight - window.height) >> 1;
        const left = (imageWidth - window.width) >> 1;
        resample(image, { top, left, ...window }, target);
      },
    },
  );
}
