// Copies of images into the scratch memory, with what the convolutions need around them.
import { readPixels } from "./prologue";
import { roundUp } from "./simd";

/** Copies pixels of `channels` to pixels of a multiple of 4 channels, the rest zero. */
export function widenPixels(from: usize, to: usize, pixels: usize, channels: usize): void {
  const wide = roundUp(channels, 4) * 4;
  let p = from;
  let o = to;
  for (let pixel: usize = 0; pixel < pixels; pixel++) {
    let q = o;
    o += wide;
    v128.store(o - 16, f32x4.splat(0));
    const end = p + channels * 4;
    do {
      f32.store(q, f32.load(p));
      p += 4;
      q += 4;
    } while (p < end);
  }
}

/**
 * Reads the `rows` by `columns` pixels from (`row`, `column`) on; those outside the image are zero.
 * `prologue` as for `readPixels`.
 */
export function padStrip(
  image: usize,
  height: isize,
  width: isize,
  channels: usize,
  row: isize,
  column: isize,
  rows: isize,
  columns: isize,
  to: usize,
  prologue: usize,
): void {
  const pixel = channels * 4;
  const step = columns * pixel;
  const left = max<isize>(0, min(columns, -column));
  const inside = max<isize>(0, min(columns, width - column) - left);
  for (let i: isize = 0; i < rows; i++) {
    const o = to + i * step;
    if (row + i < 0 || row + i >= height || inside == 0) {
      memory.fill(o, 0, step);
      continue;
    }
    const end = left + inside;
    memory.fill(o, 0, left * pixel);
    const from = image + ((row + i) * width + column + left) * pixel;
    readPixels(prologue, from, o + left * pixel, inside, channels);
    memory.fill(o + end * pixel, 0, (columns - end) * pixel);
  }
}
