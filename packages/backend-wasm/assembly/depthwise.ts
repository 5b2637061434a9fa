// Depthwise convolution and its input gradient: every channel by itself, so that four channels are a
// vector. A channel with several outputs is repeated as many times in the strips; its gradient is the
// sum over as many parts, one for each of its outputs.
//
// Both are one loop over phases. Forward there is one phase that takes all taps. At stride s the
// input gradient has s · s: the pixels (i, j) with (i + padding) mod s = a take the taps a, a + s, …
// of the output gradient, which are neighbours there.
import { ConvolveDepthwise as A, PrepareDepthwise as P } from "./generated/arguments";
import { fillStrips } from "./depthwise-strip";
import { tapsOf } from "./direct";
import { arg, madd, storeFour, storeLanes } from "./simd";

/**
 * Seven pixels of four channels, `step` bytes apart in the strip: `parts` by `rows` by `columns` taps,
 * which follow each other at `filter`. `step` is four times the size of `T`, as offsets have to be
 * constants. Engines load all seven before they multiply: one more and they run out of registers.
 */
// @ts-ignore: decorator
@inline
function sevenPixels<T>(
  x: usize, partStep: usize, rowStep: usize, filter: usize,
  parts: usize, rows: usize, columns: usize, y: usize, outputStep: usize, lanes: usize,
): void {
  let c0 = f32x4.splat(0), c1 = f32x4.splat(0), c2 = f32x4.splat(0), c3 = f32x4.splat(0);
  let c4 = f32x4.splat(0), c5 = f32x4.splat(0), c6 = f32x4.splat(0);
  let w = filter, part = x, partsLeft = parts;
  do {
    let row = part, rowsLeft = rows;
    do {
      let p = row, columnsLeft = columns;
      do {
        const tap = v128.load(w);
        c0 = madd(v128.load(p), tap, c0);
        c1 = madd(v128.load(p, 4 * sizeof<T>()), tap, c1);
        c2 = madd(v128.load(p, 8 * sizeof<T>()), tap, c2);
        c3 = madd(v128.load(p, 12 * sizeof<T>()), tap, c3);
        c4 = madd(v128.load(p, 16 * sizeof<T>()), tap, c4);
        c5 = madd(v128.load(p, 20 * sizeof<T>()), tap, c5);
        c6 = madd(v128.load(p, 24 * sizeof<T>()), tap, c6);
        w += 16; p += 16;
      } while (--columnsLeft);
      row += rowStep;
    } while (--rowsLeft);
    part += partStep;
  } while (--partsLeft);
  storeFour(y, outputStep, c0, c1, c2, c3, lanes);
  storeLanes(y + 4 * outputStep, c4, lanes);
  storeLanes(y + 5 * outputStep, c5, lanes);
  storeLanes(y + 6 * outputStep, c6, lanes);
}
export function sevenNeighbours(
  x: usize, partStep: usize, rowStep: usize, filter: usize, parts: usize, rows: usize, columns: usize,
  y: usize, outputStep: usize, lanes: usize,
): void {
  sevenPixels<f32>(x, partStep, rowStep, filter, parts, rows, columns, y, outputStep, lanes);
}
export function sevenOfStrideTwo(
  x: usize, partStep: usize, rowStep: usize, filter: usize, parts: usize, rows: usize, columns: usize,
  y: usize, outputStep: usize, lanes: usize,
): void {
  sevenPixels<f64>(x, partStep, rowStep, filter, parts, rows, columns, y, outputStep, lanes);
}

/** c + a · x + b · y + d · z */
// @ts-ignore: decorator
@inline
function addColumn(c: v128, a: v128, x: v128, b: v128, y: v128, d: v128, z: v128): v128 {
  return madd(z, d, madd(y, b, madd(x, a, c)));
}

/**
 * A row of `pixels` neighbours with three by three taps. The taps stay in registers: each column of
 * the strip is read once, and ends one pixel, goes on with the next and begins the one after it.
 */
export function rowOfThree(
  x: usize, rowStep: usize, filter: usize, y: usize, outputStep: usize, pixels: usize,
): void {
  const a0 = v128.load(filter), a1 = v128.load(filter, 16), a2 = v128.load(filter, 32);
  const b0 = v128.load(filter, 48), b1 = v128.load(filter, 64), b2 = v128.load(filter, 80);
  const d0 = v128.load(filter, 96), d1 = v128.load(filter, 112), d2 = v128.load(filter, 128);
  const zero = f32x4.splat(0);
  let p = x, q = x + rowStep, r = q + rowStep, o = y;
  let s = v128.load(p), t = v128.load(q), u = v128.load(r);
  let ending = addColumn(zero, a0, s, b0, t, d0, u);
  s = v128.load(p, 16); t = v128.load(q, 16); u = v128.load(r, 16);
  ending = addColumn(ending, a1, s, b1, t, d1, u);
  let next = addColumn(zero, a0, s, b0, t, d0, u);
  p += 32; q += 32; r += 32;
  const end = p + pixels * 16;
  do {
    s = v128.load(p); t = v128.load(q); u = v128.load(r);
    v128.store(o, addColumn(ending, a2, s, b2, t, d2, u));
    ending = addColumn(next, a1, s, b1, t, d1, u);
    next = addColumn(zero, a0, s, b0, t, d0, u);
    p += 16; q += 16; r += 16; o += outputStep;
  } while (p < end);
}

/** The same for one pixel, any number of columns and any distance. */
export function onePixel(
  x: usize, partStep: usize, rowStep: usize, filter: usize, parts: usize, rows: usize, columns: usize,
  y: usize, lanes: usize,
): void {
  let c = f32x4.splat(0);
  let w = filter;
  for (let part: usize = 0; part < parts; part++) {
    for (let row: usize = 0; row < rows; row++) {
      let p = x + part * partStep + row * rowStep;
      for (let column: usize = 0; column < columns; column++) {
        c = madd(v128.load(p), v128.load(w), c);
        w += 16; p += 16;
      }
    }
  }
  storeLanes(y, c, lanes);
}

/** `pixels` pixels of one row; the last few may be computed twice, with the same result. */
export function depthwiseRow(
  x: usize, step: usize, partStep: usize, rowStep: usize, filter: usize,
  parts: usize, rows: usize, columns: usize, y: usize, outputStep: usize, lanes: usize, pixels: usize,
): void {
  if (step == 16 && columns == 3 && rows == 3 && parts == 1 && lanes >= 4) {
    rowOfThree(x, rowStep, filter, y, outputStep, pixels);
    return;
  }
  const tile: usize = step > 32 ? 1 : 7;
  if (pixels < tile || tile == 1) {
    for (let j: usize = 0; j < pixels; j++) {
      onePixel(
        x + j * step, partStep, rowStep, filter, parts, rows, columns, y + j * outputStep, lanes,
      );
    }
    return;
  }
  for (let j: usize = 0; j < pixels; j += tile) {
    j = min(j, pixels - tile);
    const p = x + j * step, o = y + j * outputStep;
    if (step == 16) sevenNeighbours(p, partStep, rowStep, filter, parts, rows, columns, o, outputStep, lanes);
    else sevenOfStrideTwo(p, partStep, rowStep, filter, parts, rows, columns, o, outputStep, lanes);
  }
}

/** How many of `size` taps belong to the phases before `phase`. */
// @ts-ignore: decorator
@inline
function tapsBefore(size: usize, phase: usize, phases: usize): usize {
  let taps: usize = 0;
  for (let a: usize = 0; a < phase; a++) taps += tapsOf(size, a, phases);
  return taps;
}

/**
 * One band of rows of one image. "Read" is the input of the forward pass or the output gradient,
 * "written" the output or the input gradient; `groupVectors` vectors of what is written are read
 * together. Scratch: their strips, `[vectors][parts][rows][columns][4]`.
 */
export function convolveDepthwise(args: usize, chunk: i32, scratch: usize): void {
  const height = arg(args, A.readHeight), width = arg(args, A.readWidth);
  const writtenHeight = arg(args, A.writtenHeight), writtenWidth = arg(args, A.writtenWidth);
  const kernelHeight = arg(args, A.kernelHeight), kernelWidth = arg(args, A.kernelWidth);
  const channels = arg(args, A.channels), times = arg(args, A.times);
  const stride = arg(args, A.stride), phases = arg(args, A.phases), padding = arg(args, A.padding);
  const bands = arg(args, A.bands), bandRows = arg(args, A.bandRows);
  const stripStep = arg(args, A.stripStep), stripColumns = arg(args, A.stripColumns);
  const gradient = arg(args, A.gradient) != 0;

  const parts = gradient ? times : 1;
  const numbers = gradient ? channels : channels * times;
  const readPixel = (gradient ? channels * times : channels) * 4, writtenPixel = numbers * 4;
  const image = <usize>chunk / bands;
  const firstRow = (<usize>chunk - image * bands) * bandRows;
  const endRow = min(writtenHeight, firstRow + bandRows);
  const x = arg(args, A.read) + image * height * width * readPixel;
  const y = arg(args, A.written) + image * writtenHeight * writtenWidth * writtenPixel;
  const vectorStep = parts * stripStep, rowStep = stripColumns * 16;
  const filterStep = kernelHeight * kernelWidth * parts * 16;
  // The strips' first row and column, in the tensor that is read.
  const reach = gradient ? tapsOf(kernelHeight, 0, phases) - 1 : 0;
  const reachLeft = gradient ? tapsOf(kernelWidth, 0, phases) - 1 : 0;
  const top = gradient
    ? <isize>((firstRow + padding) / phases) - <isize>reach
    : <isize>(firstRow * stride) - <isize>padding;
  const left = gradient ? <isize>(padding / phases) - <isize>reachLeft : -<isize>padding;
  const stripRows = gradient
    ? <isize>((endRow - 1 + padding) / phases) - top + 1
    : <isize>((endRow - 1 - firstRow) * stride + kernelHeight);

  for (let first: usize = 0; first < numbers; first += arg(args, A.groupVectors) * 4) {
    const count = min(arg(args, A.groupVectors) * 4, numbers - first);
    for (let part: usize = 0; part < parts; part++) {
      fillStrips(
        x, height, width, readPixel, top, left, stripRows, stripColumns,
        first, count, gradient ? 1 : times, parts, part, scratch + part * stripStep, vectorStep,
      );
    }
    for (let i = firstRow; i < endRow; i++) {
      // A row is read into the cache in its order, before it is written in another.
      const row = y + i * writtenWidth * writtenPixel;
      if (first == 0) memory.fill(row, 0, writtenWidth * writtenPixel);
      const a = (i + padding) % phases;
      const tapRows = tapsOf(kernelHeight, a, phases);
      const readRow = gradient
        ? <usize>(<isize>((i + padding) / phases) - <isize>tapRows + 1 - top)
        : (i - firstRow) * stride;
      for (let b: usize = 0; b < phases; b++) {
        const tapColumns = tapsOf(kernelWidth, b, phases);
        // The first column of this phase: (j + padding) mod phases = b.
        const j = (b + phases - padding % phases) % phases;
        if (tapRows == 0 || tapColumns == 0 || j >= writtenWidth) continue;
        const pixels = (writtenWidth - j + phases - 1) / phases;
        const column = gradient
          ? <usize>(<isize>((j + padding) / phases) - <isize>tapColumns + 1 - left)
          : 0;
        const taps = tapsBefore(kernelHeight, a, phases) * kernelWidth + tapRows * tapsBefore(kernelWidth, b, phases);
        let from = scratch + readRow * rowStep + column * 16;
        let filter = arg(args, A.filter) + (first / 4) * filterStep + taps * parts * 16;
        let to = row + j * writtenPixel + first * 4;
        for (let n: usize = 0; n < count; n += 4) {
          depthwiseRow(
            from, stride * 16, stripStep, rowStep, filter, parts, tapRows, tapColumns,
            to, phases * writtenPixel, count - n, pixels,
          );
          from += vectorStep; filter += filterStep; to += 16;
        }
      }
    }
  }
}

/**
 * Packs a filter `[height, width, 1, outputs]` to `[vectors][phases][parts][taps][4]`: as it is, or
 * for the input gradient rotated within each phase, a part for each output of a channel. One chunk.
 */
export function prepareDepthwise(args: usize, chunk: i32, scratch: usize): void {
  const height = arg(args, P.height), width = arg(args, P.width), outputs = arg(args, P.outputs);
  const parts = arg(args, P.parts), phases = arg(args, P.phases);
  const rotated = arg(args, P.rotated) != 0;
  const count = outputs / parts;
  let o = arg(args, P.packed);
  for (let first: usize = 0; first < count; first += 4) {
    for (let a: usize = 0; a < phases; a++) {
      const rows = tapsOf(height, a, phases);
      for (let b: usize = 0; b < phases; b++) {
        const columns = tapsOf(width, b, phases);
        for (let part: usize = 0; part < parts; part++) {
          for (let i: usize = 0; i < rows; i++) {
            const u = a + phases * (rotated ? rows - 1 - i : i);
            for (let j: usize = 0; j < columns; j++) {
              const v = b + phases * (rotated ? columns - 1 - j : j);
              const tap = arg(args, P.filter) + (u * width + v) * outputs * 4;
              for (let n = first; n < first + 4; n++) {
                f32.store(o, n < count ? f32.load(tap + (n * parts + part) * 4) : 0);
                o += 4;
              }
            }
          }
        }
      }
    }
  }
}
