// What depthwise convolutions read: a band of rows, four channels at a time and the padding around
// them, `[vectors][rows][columns][4]`. Neighbouring pixels lie beside each other there, as two loads
// in one cycle need it: those of a pixel's distance in memory may meet in one bank of the cache.
import { loadLanes } from "./simd";

/** `count` numbers of a pixel to vectors, `step` bytes apart; what fills the last one up is zero. */
export function spreadPixel(pixel: usize, count: usize, to: usize, step: usize): void {
  let p = pixel, o = to;
  const end = pixel + (count & ~3) * 4;
  while (p < end) {
    v128.store(o, v128.load(p));
    p += 16; o += step;
  }
  if (count & 3) v128.store(o, loadLanes(p, count & 3));
}

/** The same, where number n of the vectors is number ⌊(first + n) / repeat⌋ · skip + offset of the pixel. */
export function gatherPixel(
  pixel: usize, first: usize, count: usize, repeat: usize, skip: usize, offset: usize, to: usize, step: usize,
): void {
  let p = pixel + ((first / repeat) * skip + offset) * 4;
  let uses = first % repeat;
  let o = to;
  for (let left = count; left > 0; ) {
    const end = o + min<usize>(4, left) * 4;
    if (left < 4) v128.store(o, f32x4.splat(0));
    for (let lane = o; lane < end; lane += 4) {
      f32.store(lane, f32.load(p));
      if (++uses == repeat) {
        uses = 0;
        p += skip * 4;
      }
    }
    o += step;
    left -= min<usize>(4, left);
  }
}

/** Zeros of `columns` pixels in `vectors` strips. */
// @ts-ignore: decorator
@inline
export function clearPixels(to: usize, columns: usize, vectors: usize, step: usize): void {
  for (let i: usize = 0; i < vectors; i++) {
    for (let j: usize = 0; j < columns; j++) v128.store(to + i * step + j * 16, f32x4.splat(0));
  }
}

/**
 * Rows `row` to `row + rows` and columns `column` to `column + columns` of an image, which may lie
 * outside, to strips that are `step` bytes apart. The numbers are as `gatherPixel` takes them.
 */
export function fillStrips(
  image: usize, height: isize, width: isize, pixel: usize,
  row: isize, column: isize, rows: isize, columns: isize,
  first: usize, count: usize, repeat: usize, skip: usize, offset: usize, strips: usize, step: usize,
): void {
  const vectors = (count + 3) / 4;
  const left = min(columns, max<isize>(0, -column));
  const inside = max<isize>(0, min(columns, width - column) - left);
  const neighbours = repeat == 1 && skip == 1;
  let o = strips;
  for (let i = row; i < row + rows; i++) {
    if (i < 0 || i >= height || inside == 0) {
      clearPixels(o, columns, vectors, step);
      o += columns * 16;
      continue;
    }
    clearPixels(o, left, vectors, step);
    o += left * 16;
    let p = image + (i * width + column + left) * pixel;
    for (let j: isize = 0; j < inside; j++) {
      if (neighbours) spreadPixel(p + first * 4, count, o, step);
      else gatherPixel(p, first, count, repeat, skip, offset, o, step);
      p += pixel; o += 16;
    }
    clearPixels(o, columns - left - inside, vectors, step);
    o += (columns - left - inside) * 16;
  }
}
