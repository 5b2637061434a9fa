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

/** One pixel to the strips of its blocks, `blockStep` apart. */
export function spreadPixel(
  from: usize, to: usize, count: usize, times: usize, blockCount: usize, wide: usize, blockStep: usize,
): void {
  let p = from, o = to;
  for (let left = count; left > 0; ) {
    const n = min(left, blockCount);
    if (times == 1) copyPixel(p, o, n, wide);
    else repeatPixel(p, o, n, times, wide);
    p += n * 4; o += blockStep; left -= n;
  }
}

/** Zeros of `bytes` bytes at `to` and in the strips of the other blocks. */
export function clearStrips(to: usize, bytes: usize, blocks: usize, blockStep: usize): void {
  for (let i: usize = 0; i < blocks; i++) memory.fill(to + i * blockStep, 0, bytes);
}

/**
 * Rows `row` to `row + rows` and columns `column` to `column + columns` of an image, which may lie
 * outside, to one `strip[rows][columns][wide]` for each block of `blockCount` numbers, `blockStep`
 * bytes apart: `count` numbers of every pixel from `image` on, each `times` times. All blocks of a
 * pixel are read together, as the memory likes it.
 */
export function fillStrips(
  image: usize, height: isize, width: isize, pixel: usize,
  row: isize, column: isize, rows: isize, columns: isize,
  count: usize, times: usize, blockCount: usize, wide: usize, strip: usize, blockStep: usize,
): void {
  const bytes = wide * 4;
  const blocks = (count + blockCount - 1) / blockCount;
  const left = min(columns, max<isize>(0, -column));
  const inside = max<isize>(0, min(columns, width - column) - left);
  const right = columns - left - inside;
  let o = strip;
  for (let i: isize = row; i < row + rows; i++) {
    if (i < 0 || i >= height || inside == 0) {
      clearStrips(o, columns * bytes, blocks, blockStep);
      o += columns * bytes;
      continue;
    }
    if (left > 0) clearStrips(o, left * bytes, blocks, blockStep);
    o += left * bytes;
    let p = image + (i * width + column + left) * pixel;
    for (let j: isize = 0; j < inside; j++) {
      spreadPixel(p, o, count, times, blockCount, wide, blockStep);
      p += pixel; o += bytes;
    }
    if (right > 0) clearStrips(o, right * bytes, blocks, blockStep);
    o += right * bytes;
  }
}
