/**
 * Mirrors an image left to right: `target[y, x] = image[y, width - 1 - x]`.
 *
 * @param image `[height, width, channels]`
 * @param target same shape, another array
 */
export function flipHorizontally(
  image: Uint8Array,
  [height, width, channels]: readonly [number, number, number],
  target: Uint8Array,
): void {
  const stride = width * channels;
  for (let y = 0; y < height; y++) {
    let to = y * stride;
    for (let from = to + stride - channels; from >= y * stride; from -= channels) {
      for (let c = 0; c < channels; c++) target[to + c] = image[from + c]!;
      to += channels;
    }
  }
}
