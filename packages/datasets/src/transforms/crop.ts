/**
 * Pads an image with `padding` black pixels on every side and cuts a window of the original size:
 * `target[y, x] = padded[y + top, x + left]`.
 *
 * @param image `[height, width, channels]`
 * @param top first row of the window, from 0 to `2 * padding`; `padding` leaves the image in place
 * @param left first column of the window, likewise
 * @param target same shape, another array
 */
export function cropWithPadding(
  image: Uint8Array,
  [height, width, channels]: readonly [number, number, number],
  padding: number,
  top: number,
  left: number,
  target: Uint8Array,
): void {
  const stride = width * channels;
  const firstColumn = Math.max(0, left - padding);
  const lastColumn = Math.min(width, width + left - padding);
  const shift = firstColumn - (left - padding);
  target.fill(0);
  for (let y = 0; y < height; y++) {
    const row = y + top - padding;
    if (row < 0 || row >= height || lastColumn <= firstColumn) continue;
    const from = row * stride;
    target.set(
      image.subarray(from + firstColumn * channels, from + lastColumn * channels),
      y * stride + shift * channels,
    );
  }
}
