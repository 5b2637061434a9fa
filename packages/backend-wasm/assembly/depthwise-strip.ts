// What depthwise convolutions read: some channels of some rows, copied next to each other so that
// they stay in the first-level cache, with the padding around them. Blocks of channels are `wide`
// numbers, a multiple of 8; what a block does not fill is zero.
import { loadLanes } from "./simd";

/** Copies `count` numbers, at most `wide`, and fills up with zeros. */
export function copyPixel(from: usize, to: usize, count: usize, wide: usize): void {
  let p = from, o = to;
  const end = to + wide * 4;
  const whole = to + (count & ~3) * 4;
  while (o < whole) {
    v128.store(o, v128.load(p));
    p += 16; o += 16;
  }
  if (count & 3) {
    v128.store(o, loadLanes(p, count & 3));
    o += 16;
  }
  while (o < end) {
    v128.store(o, f32x4.splat(0));
    o += 16;
  }
}

/** Copies `count` numbers, each `times` times, and fills up with zeros. */
export function repeatPixel(from: usize, to: usize, count: usize, times: usize, wide: usize): void {
  let o = to;
  for (let i: usize = 0; i < count; i++) {
    const value = f32.load(from + i * 4);
    for (let j: usize = 0; j < times; j++) {
      f32.store(o, value);
      o += 4;
    }
  }
  memory.fill(o, 0, to + wide * 4 - o);
}

/**
 * Rows `row` to `row + rows` and columns `column` to `column + columns` of an image, which may lie
 * outside, to `strip[rows][columns][wide]`: `count` channels from `image` on, each `times` times.
 */
export function fillStrip(
  image: usize, height: isize, width: isize, pixel: usize,
  row: isize, column: isize, rows: isize, columns: isize,
  count: usize, times: usize, wide: usize, strip: usize,
): void {
  const bytes = wide * 4;
  const left = min(columns, max<isize>(0, -column));
  const inside = max<isize>(0, min(columns, width - column) - left);
  const right = columns - left - inside;
  let o = strip;
  for (let i: isize = row; i < row + rows; i++) {
    if (i < 0 || i >= height || inside == 0) {
      memory.fill(o, 0, columns * bytes);
      o += columns * bytes;
      continue;
    }
    if (left > 0) memory.fill(o, 0, left * bytes);
    o += left * bytes;
    let p = image + (i * width + column + left) * pixel;
    for (let j: isize = 0; j < inside; j++) {
      if (times == 1) copyPixel(p, o, count, wide);
      else repeatPixel(p, o, count, times, wide);
      p += pixel; o += bytes;
    }
    if (right > 0) memory.fill(o, 0, right * bytes);
    o += right * bytes;
  }
}
