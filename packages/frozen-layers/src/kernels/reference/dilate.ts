import { type Tensor4D, pad, reshape, slice, tidy } from "@tensorflow/tfjs-core";

/**
 * Puts `stride − 1` zero pixels after every pixel of `[batch, height, width, channels]`, in both
 * directions: the result is `[batch, height · stride, width · stride, channels]`.
 */
export function dilate(image: Tensor4D, stride: number): Tensor4D {
  const [batch, height, width, channels] = image.shape;
  if (stride === 1) return image.clone();
  return tidy(() => {
    // Zeros appended to a pixel, or to a row, become whole pixels and rows once reshaped.
    const columns = pad(reshape(image, [batch * height * width, channels]), [
      [0, 0],
      [0, (stride - 1) * channels],
    ]);
    const row = width * stride * channels;
    const rows = pad(reshape(columns, [batch * height, row]), [
      [0, 0],
      [0, (stride - 1) * row],
    ]);
    return reshape(rows, [batch, height * stride, width * stride, channels]);
  });
}

/** Puts `image` at (`top`, `left`) of a zero image of `height` by `width`, cutting what sticks out. */
export function place(
  image: Tensor4D,
  top: number,
  left: number,
  height: number,
  width: number,
): Tensor4D {
  const [batch, rows, columns, channels] = image.shape;
  const bottom = height - top - rows;
  const right = width - left - columns;
  const cut = slice(
    image,
    [0, Math.max(0, -top), Math.max(0, -left), 0],
    [
      batch,
      rows + Math.min(0, top) + Math.min(0, bottom),
      columns + Math.min(0, left) + Math.min(0, right),
      channels,
    ],
  );
  return pad(cut, [
    [0, 0],
    [Math.max(0, top), Math.max(0, bottom)],
    [Math.max(0, left), Math.max(0, right)],
    [0, 0],
  ]);
}
