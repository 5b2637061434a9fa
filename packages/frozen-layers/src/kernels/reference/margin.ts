import { type Tensor, type Tensor4D, pad, slice } from "@tensorflow/tfjs-core";
import type { Shape } from "../../shape.ts";

type Shape4D = [batch: number, height: number, width: number, channels: number];

/** Of images that have `margin` more pixels on each of their four sides. */
export function surroundedShape(shape: Shape, margin: number): Shape4D {
  const [batch, height, width, channels] = shape as Shape4D;
  return [batch, height + 2 * margin, width + 2 * margin, channels];
}

/** Lays `margin` pixels of a value around `[batch, height, width, channels]`. */
export function surround(images: Tensor, margin: number, value: number): Tensor4D {
  const sides: [number, number] = [margin, margin];
  return margin === 0
    ? (images.clone() as Tensor4D)
    : pad(images as Tensor4D, [[0, 0], sides, sides, [0, 0]], value);
}

/** Takes off what `surround` laid around. Owns its input. */
export function crop(surrounded: Tensor, margin: number): Tensor4D {
  const images = surrounded as Tensor4D;
  if (margin === 0) return images;
  const cropped = slice(images, [0, margin, margin, 0], surroundedShape(images.shape, -margin));
  images.dispose();
  return cropped;
}
