// Depthwise convolution of three by three taps at stride 1 and padding 1, of whole vectors of channels:
// read where the tensors lie. Four channels go along a row, a pixel from load to load, which is not what
// memory can foresee. So each of these rows also touches a piece of the row that is needed next, in the order
// of the memory, and of the row that is written next: while one row is computed, another one comes into the cache.
import { ConvolveThreeByThree as A, ThreeByThreeFilterGradient as G } from "./generated/arguments";
import { addVector, arg, madd, roundUp } from "./simd";

/** c + a · x + b · y + d · z */
// @ts-ignore: decorator
@inline
export function addColumn(c: v128, a: v128, x: v128, b: v128, y: v128, d: v128, z: v128): v128 {
  return madd(z, d, madd(y, b, madd(x, a, c)));
}

/**
 * A row of four channels. The taps stay in registers: each column is read once, and ends one pixel,
 * goes on with the next and begins the one after it. Rows outside of the image have a step of 0. Of
 * 16 · width bytes at `ahead` one number in 16 is read, and what depends on them stored at `seen`, so that
 * no compiler leaves them out; as many are cleared at `clear`.
 */
export function rowOfThree(
  above: usize, aboveStep: usize, middle: usize, below: usize, belowStep: usize, pixel: usize, width: usize,
  filter: usize, y: usize, ahead: usize, seen: usize, clear: usize,
): void {
  const zero = f32x4.splat(0);
  const a0 = v128.load(filter), a1 = v128.load(filter, 16), a2 = v128.load(filter, 32);
  const b0 = v128.load(filter, 48), b1 = v128.load(filter, 64), b2 = v128.load(filter, 80);
  const d0 = v128.load(filter, 96), d1 = v128.load(filter, 112), d2 = v128.load(filter, 128);
  let p = above, q = middle, r = below, o = y, next = ahead, zeros = clear;
  const end = middle + width * pixel;
  let s = v128.load(p), t = v128.load(q), u = v128.load(r);
  let ending = addColumn(zero, a1, s, b1, t, d1, u);
  let beginning = addColumn(zero, a0, s, b0, t, d0, u);
  let read = i32.load(next);
  i32.store(zeros, 0);
  for (q += pixel; q < end; q += pixel) {
    p += aboveStep; r += belowStep; next += 16; zeros += 16;
    s = v128.load(p); t = v128.load(q); u = v128.load(r);
    read |= i32.load(next);
    i32.store(zeros, 0);
    v128.store(o, addColumn(ending, a2, s, b2, t, d2, u));
    ending = addColumn(beginning, a1, s, b1, t, d1, u);
    beginning = addColumn(zero, a0, s, b0, t, d0, u);
    o += pixel;
  }
  v128.store(o, ending);
  i32.store(seen, read);
}

/**
 * Some rows of all images, forward or, with rotated taps, backward. Scratch: four zeros, a number
 * that nobody reads, and 16 · width bytes to clear where no row follows.
 */
export function convolveThreeByThree(args: usize, chunk: i32, scratch: usize): void {
  const height = arg(args, A.height), width = arg(args, A.width), channels = arg(args, A.channels);
  const rows = arg(args, A.rows), first = <usize>chunk * arg(args, A.chunkRows);
  const end = min(rows, first + arg(args, A.chunkRows));
  const pixel = channels * 4, rowBytes = width * pixel;
  v128.store(scratch, f32x4.splat(0));
  memory.fill(arg(args, A.written) + first * rowBytes, 0, rowBytes);
  for (let i = first; i < end; i++) {
    const x = arg(args, A.read) + i * rowBytes, y = arg(args, A.written) + i * rowBytes;
    const row = i % height;
    const hasAbove = row > 0, hasBelow = row + 1 < height;
    for (let n: usize = 0; n < channels; n += 4) {
      const middle = x + n * 4;
      rowOfThree(
        hasAbove ? middle - rowBytes : scratch, hasAbove ? pixel : 0, middle,
        hasBelow ? middle + rowBytes : scratch, hasBelow ? pixel : 0, pixel, width,
        arg(args, A.filter) + n * 36, y + n * 4,
        i + 2 < rows ? x + 2 * rowBytes + n * width * 4 : scratch, scratch + 16,
        i + 1 < end ? y + rowBytes + n * width * 4 : scratch + 32,
      );
    }
  }
}

/**
 * Adds the sums of nine taps over one row of the input, which meets three rows of the output gradient.
 * Of 32 · width bytes at `ahead` one number in 32 is read.
 */
export function sumThreeByThree(
  x: usize, above: usize, aboveStep: usize, middle: usize, below: usize, belowStep: usize, pixel: usize, width: usize,
  sums: usize, ahead: usize, seen: usize,
): void {
  let a0 = f32x4.splat(0), a1 = f32x4.splat(0), a2 = f32x4.splat(0);
  let b0 = f32x4.splat(0), b1 = f32x4.splat(0), b2 = f32x4.splat(0);
  let c0 = f32x4.splat(0), c1 = f32x4.splat(0), c2 = f32x4.splat(0);
  let p = x, o = below, q = middle, r = above, next = ahead, read = 0;
  const last = x + (width - 1) * pixel;
  let s = f32x4.splat(0), t = v128.load(p);
  while (p < last) {
    p += pixel;
    const u = v128.load(p), g = v128.load(o), h = v128.load(q), i = v128.load(r);
    read |= i32.load(next);
    a0 = madd(s, g, a0); a1 = madd(t, g, a1); a2 = madd(u, g, a2);
    b0 = madd(s, h, b0); b1 = madd(t, h, b1); b2 = madd(u, h, b2);
    c0 = madd(s, i, c0); c1 = madd(t, i, c1); c2 = madd(u, i, c2);
    s = t; t = u;
    o += belowStep; q += pixel; r += aboveStep; next += 32;
  }
  const g = v128.load(o), h = v128.load(q), i = v128.load(r);
  addVector(sums, madd(s, g, a0)); addVector(sums + 16, madd(t, g, a1)); addVector(sums + 32, a2);
  addVector(sums + 48, madd(s, h, b0)); addVector(sums + 64, madd(t, h, b1)); addVector(sums + 80, b2);
  addVector(sums + 96, madd(s, i, c0)); addVector(sums + 112, madd(t, i, c1)); addVector(sums + 128, c2);
  i32.store(seen, read);
}

/** The rows of one chunk, to a slot `[vectors][taps][4]`. Scratch: 32 · width bytes. */
export function threeByThreeFilterGradient(args: usize, chunk: i32, scratch: usize): void {
  const height = arg(args, G.height), width = arg(args, G.width), channels = arg(args, G.channels);
  const rows = arg(args, G.rows), first = <usize>chunk * arg(args, G.chunkRows);
  const end = min(rows, first + arg(args, G.chunkRows));
  const pixel = channels * 4, rowBytes = width * pixel;
  // One half of the channels touches the next row of the input, the other that of the output gradient, which is the one
  // after the three that are read.
  const half = roundUp(channels / 2, 4);
  const slotBytes = channels * 36, slot = arg(args, G.slots) + <usize>chunk * slotBytes;
  v128.store(scratch, f32x4.splat(0));
  memory.fill(slot, 0, slotBytes);
  for (let i = first; i < end; i++) {
    const x = arg(args, G.input) + i * rowBytes, dy = arg(args, G.outputGradient) + i * rowBytes;
    const row = i % height;
    const hasAbove = row > 0, hasBelow = row + 1 < height;
    for (let n: usize = 0; n < channels; n += 4) {
      const middle = dy + n * 4;
      const ahead = (n < half ? x : dy) + rowBytes + n * width * 8;
      sumThreeByThree(
        x + n * 4, hasAbove ? middle - rowBytes : scratch, hasAbove ? pixel : 0, middle,
        hasBelow ? middle + rowBytes : scratch, hasBelow ? pixel : 0, pixel, width, slot + n * 36,
        i + 2 < rows ? ahead : scratch, scratch + 16,
      );
    }
  }
}
