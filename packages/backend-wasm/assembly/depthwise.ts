// Depthwise convolution and its input gradient: every channel by itself, so that four channels are a
// vector. A channel with several outputs is repeated as many times in the strip.
//
// Both are one loop over phases. Forward there is one phase that takes all taps. At stride s the
// input gradient has s · s: the pixels (i, j) with (i + padding) mod s = a take the taps a, a + s, …
// of the output gradient, which are neighbours there.
import { ConvolveDepthwise as A, PrepareDepthwise as P } from "./generated/arguments";
import { eightPixelsOfFive, eightPixelsOfThree } from "./depthwise-neighbours";
import { fillStrips } from "./depthwise-strip";
import { tapsOf } from "./direct";
import { arg, madd, roundUp, storeFour, storeLanes } from "./simd";

/** Eight pixels of four channels: `rows` by `columns` taps at `filter`, `tapStep` apart in both. */
export function eightPixels(
  x: usize, pixelStep: usize, rowStep: usize, filter: usize, tapStep: usize,
  rows: usize, columns: usize, y: usize, outputStep: usize, lanes: usize,
): void {
  let c0 = f32x4.splat(0), c1 = f32x4.splat(0), c2 = f32x4.splat(0), c3 = f32x4.splat(0);
  let c4 = f32x4.splat(0), c5 = f32x4.splat(0), c6 = f32x4.splat(0), c7 = f32x4.splat(0);
  let first = x, w = filter;
  do {
    let start = first;
    let count = columns;
    do {
      const tap = v128.load(w);
      let p = start;
      c0 = madd(v128.load(p), tap, c0); p += pixelStep;
      c1 = madd(v128.load(p), tap, c1); p += pixelStep;
      c2 = madd(v128.load(p), tap, c2); p += pixelStep;
      c3 = madd(v128.load(p), tap, c3); p += pixelStep;
      c4 = madd(v128.load(p), tap, c4); p += pixelStep;
      c5 = madd(v128.load(p), tap, c5); p += pixelStep;
      c6 = madd(v128.load(p), tap, c6); p += pixelStep;
      c7 = madd(v128.load(p), tap, c7);
      w += tapStep; start += tapStep;
    } while (--count);
    first += rowStep;
  } while (--rows);
  storeFour(y, outputStep, c0, c1, c2, c3, lanes);
  storeFour(y + 4 * outputStep, outputStep, c4, c5, c6, c7, lanes);
}

/** The same for four pixels. */
export function fourPixels(
  x: usize, pixelStep: usize, rowStep: usize, filter: usize, tapStep: usize,
  rows: usize, columns: usize, y: usize, outputStep: usize, lanes: usize,
): void {
  let c0 = f32x4.splat(0), c1 = f32x4.splat(0), c2 = f32x4.splat(0), c3 = f32x4.splat(0);
  let first = x, w = filter;
  do {
    let start = first;
    let count = columns;
    do {
      const tap = v128.load(w);
      let p = start;
      c0 = madd(v128.load(p), tap, c0); p += pixelStep;
      c1 = madd(v128.load(p), tap, c1); p += pixelStep;
      c2 = madd(v128.load(p), tap, c2); p += pixelStep;
      c3 = madd(v128.load(p), tap, c3);
      w += tapStep; start += tapStep;
    } while (--count);
    first += rowStep;
  } while (--rows);
  storeFour(y, outputStep, c0, c1, c2, c3, lanes);
}

/** The same for one pixel. */
export function onePixel(
  x: usize, rowStep: usize, filter: usize, tapStep: usize, rows: usize, columns: usize,
  y: usize, lanes: usize,
): void {
  let c = f32x4.splat(0);
  let first = x, w = filter;
  do {
    let p = first;
    let count = columns;
    do {
      c = madd(v128.load(p), v128.load(w), c);
      w += tapStep; p += tapStep;
    } while (--count);
    first += rowStep;
  } while (--rows);
  storeLanes(y, c, lanes);
}

/** `pixels` pixels of one row; the last few may be computed twice, with the same result. */
export function depthwiseRow(
  x: usize, pixelStep: usize, rowStep: usize, filter: usize, tapStep: usize,
  rows: usize, columns: usize, y: usize, outputStep: usize, lanes: usize, pixels: usize,
): void {
  if (pixels < 4) {
    for (let j: usize = 0; j < pixels; j++) {
      const from = x + j * pixelStep;
      onePixel(from, rowStep, filter, tapStep, rows, columns, y + j * outputStep, lanes);
    }
    return;
  }
  let j: usize = 0;
  const neighbours = pixelStep == tapStep;
  while (j + 8 <= pixels) {
    const p = x + j * pixelStep, o = y + j * outputStep;
    if (neighbours && columns == 3) {
      eightPixelsOfThree(p, rowStep, filter, tapStep, rows, o, outputStep, lanes);
    } else if (neighbours && columns == 5) {
      eightPixelsOfFive(p, rowStep, filter, tapStep, rows, o, outputStep, lanes);
    } else {
      eightPixels(p, pixelStep, rowStep, filter, tapStep, rows, columns, o, outputStep, lanes);
    }
    j += 8;
  }
  while (j < pixels) {
    j = min(j, pixels - 4);
    fourPixels(
      x + j * pixelStep, pixelStep, rowStep, filter, tapStep, rows, columns,
      y + j * outputStep, outputStep, lanes,
    );
    j += 4;
  }
}

/** Sums groups of `times` numbers of a pixel at `from` to `count` numbers at `to`. */
export function sumRepeated(from: usize, to: usize, count: usize, times: usize): void {
  let p = from;
  for (let i: usize = 0; i < count; i++) {
    let sum: f32 = 0;
    for (let j: usize = 0; j < times; j++) {
      sum += f32.load(p);
      p += 4;
    }
    f32.store(to + i * 4, sum);
  }
}

/**
 * One band of rows of one image, a multiple of the phases many. "Read" is the input of the forward
 * pass or the output gradient, "written" the output or the input gradient; blocks are of
 * `blockChannels` channels of the input, and `groupChannels` are read together. Scratch: the strips of
 * a group, and a row of pixels.
 */
export function convolveDepthwise(args: usize, chunk: i32, scratch: usize): void {
  const height = arg(args, A.readHeight), width = arg(args, A.readWidth);
  const writtenHeight = arg(args, A.writtenHeight), writtenWidth = arg(args, A.writtenWidth);
  const kernelHeight = arg(args, A.kernelHeight), kernelWidth = arg(args, A.kernelWidth);
  const channels = arg(args, A.channels), times = arg(args, A.times);
  const stride = arg(args, A.stride), phases = arg(args, A.phases), padding = arg(args, A.padding);
  const bands = arg(args, A.bands), bandRows = arg(args, A.bandRows);
  const blockChannels = arg(args, A.blockChannels), stripColumns = arg(args, A.stripColumns);
  const gradient = arg(args, A.gradient) != 0;

  const wide = roundUp(blockChannels * times, 8);
  const bytes = wide * 4;
  const readPixel = channels * (gradient ? times : 1) * 4;
  const writtenPixel = channels * (gradient ? 1 : times) * 4;
  const image = <usize>chunk / bands;
  const firstRow = (<usize>chunk - image * bands) * bandRows;
  const endRow = min(writtenHeight, firstRow + bandRows);
  const x = arg(args, A.read) + image * height * width * readPixel;
  const y = arg(args, A.written) + image * writtenHeight * writtenWidth * writtenPixel;
  const groupChannels = arg(args, A.groupChannels), blockStep = arg(args, A.blockStep);
  // The strip's first row and column, in the tensor that is read.
  const reach = gradient ? tapsOf(kernelHeight, 0, phases) - 1 : 0;
  const reachLeft = gradient ? tapsOf(kernelWidth, 0, phases) - 1 : 0;
  const top = gradient
    ? <isize>((firstRow + padding) / phases) - <isize>reach
    : <isize>(firstRow * stride) - <isize>padding;
  const left = gradient ? <isize>(padding / phases) - <isize>reachLeft : -<isize>padding;
  const stripRows = gradient
    ? <isize>((endRow - 1 + padding) / phases) - top + 1
    : <isize>((endRow - 1 - firstRow) * stride + kernelHeight);
  const row = scratch + ((groupChannels + blockChannels - 1) / blockChannels) * blockStep;

  let filter = arg(args, A.filter);
  for (let channel: usize = 0; channel < channels; channel += blockChannels) {
    const count = min(blockChannels, channels - channel);
    const outputs = count * times;
    const position = channel % groupChannels;
    if (position == 0) {
      const group = min(groupChannels, channels - channel);
      const repeated = gradient ? <usize>1 : times, stored = gradient ? times : <usize>1;
      fillStrips(
        x + channel * stored * 4, height, width, readPixel, top, left, stripRows, stripColumns,
        group * stored, repeated, blockChannels * stored, wide, scratch, blockStep,
      );
    }
    const strip = scratch + (position / blockChannels) * blockStep;
    const direct = !gradient || times == 1;
    for (let a: usize = 0; a < phases; a++) {
      const tapRows = tapsOf(kernelHeight, a, phases);
      for (let b: usize = 0; b < phases; b++) {
        const tapColumns = tapsOf(kernelWidth, b, phases);
        // The first row and column of this phase: (i + padding) mod phases = a.
        const i0 = firstRow + (a + phases - (firstRow + padding) % phases) % phases;
        const j0 = (b + phases - padding % phases) % phases;
        if (j0 < writtenWidth) {
          const pixels = (writtenWidth - j0 + phases - 1) / phases;
          const column = gradient
            ? <usize>(<isize>((j0 + padding) / phases) - <isize>tapColumns + 1 - left)
            : 0;
          for (let i = i0; i < endRow; i += phases) {
            const readRow = gradient
              ? <usize>(<isize>((i + padding) / phases) - <isize>tapRows + 1 - top)
              : (i - firstRow) * stride;
            const from = strip + (readRow * stripColumns + column) * bytes;
            const to = y + (i * writtenWidth + j0) * writtenPixel + channel * (gradient ? 1 : times) * 4;
            const step = phases * writtenPixel;
            if (tapRows == 0 || tapColumns == 0) {
              for (let j: usize = 0; j < pixels; j++) memory.fill(to + j * step, 0, count * 4);
            } else if (direct) {
              for (let c: usize = 0; c < outputs; c += 4) {
                depthwiseRow(
                  from + c * 4, stride * bytes, stripColumns * bytes, filter + c * 4, bytes,
                  tapRows, tapColumns, to + c * 4, step, outputs - c, pixels,
                );
              }
            } else {
              for (let c: usize = 0; c < outputs; c += 4) {
                depthwiseRow(
                  from + c * 4, bytes, stripColumns * bytes, filter + c * 4, bytes,
                  tapRows, tapColumns, row + c * 4, bytes, 4, pixels,
                );
              }
              for (let j: usize = 0; j < pixels; j++) sumRepeated(row + j * bytes, to + j * step, count, times);
            }
          }
        }
        filter += tapRows * tapColumns * bytes;
      }
    }
  }
}

/**
 * Packs a filter `[height, width, 1, outputs]` to `[blocks][phases][taps][wide]`: as it is, or
 * rotated within each phase for the input gradient. One chunk.
 */
export function prepareDepthwise(args: usize, chunk: i32, scratch: usize): void {
  const filter = arg(args, P.filter);
  const height = arg(args, P.height), width = arg(args, P.width), outputs = arg(args, P.outputs);
  const blockOutputs = arg(args, P.blockOutputs), phases = arg(args, P.phases);
  const rotated = arg(args, P.rotated) != 0;
  const wide = roundUp(blockOutputs, 8);
  let o = arg(args, P.packed);
  for (let first: usize = 0; first < outputs; first += blockOutputs) {
    const count = min(blockOutputs, outputs - first);
    for (let a: usize = 0; a < phases; a++) {
      const rows = tapsOf(height, a, phases);
      for (let b: usize = 0; b < phases; b++) {
        const columns = tapsOf(width, b, phases);
        for (let i: usize = 0; i < rows; i++) {
          const u = a + phases * (rotated ? rows - 1 - i : i);
          for (let j: usize = 0; j < columns; j++) {
            const v = b + phases * (rotated ? columns - 1 - j : j);
            memory.copy(o, filter + ((u * width + v) * outputs + first) * 4, count * 4);
            memory.fill(o + count * 4, 0, (wide - count) * 4);
            o += wide * 4;
          }
        }
      }
    }
  }
}
