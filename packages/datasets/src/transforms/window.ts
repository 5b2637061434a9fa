import type { Image } from "./transform.ts";

/** `target[y, x] = image[y + top, x + left]`, for a window that lies inside the image. */
export function copyWindow(image: Image, top: number, left: number, target: Image): void {
  const [, imageWidth, channels] = image.shape;
  const [height, width] = target.shape;
  const row = width * channels;
  for (let y = 0; y < height; y++) {
    const from = ((y + top) * imageWidth + left) * channels;
    target.pixels.set(image.pixels.subarray(from, from + row), y * row);
  }
}
