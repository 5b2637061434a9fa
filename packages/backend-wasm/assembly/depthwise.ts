// Depthwise convolution and its input gradient: every channel by itself, so that four channels are a
// vector. A channel with several outputs is repeated as many times in the strips; its gradient is the
// sum over as many parts, one for each of its outputs.
//
// Both are one loop over phases. Forward there is one phase that takes all taps. At stride s the
// input gradient has s · s: the pixels (i, j) with (i + padding) mod s = a take the taps a, a + s, …
// of the output gradient, which are neighbours there.
import { ConvolveDepthwise as A, PrepareDepthwise as P } from "./generated/arguments";
import { depthwiseRow } from "./depthwise-rows";
import { fillStrips } from "./depthwise-strip";
import { tapsOf } from "./direct";
import { arg, storeLanes } from "./simd";

/** How many of `size` taps belong to the phases before `phase`. */
// @ts-ignore: decorator
@inline
export function tapsBefore(size: usize, phase: usize, phases: usize): usize {
  let taps: usize = 0;
  for (let a: usize = 0; a < phase; a++) taps += tapsOf(size, a, phases);
  return taps;
}

/**
 * One band of rows of one image. "Read" is the input of the forward pass or the output gradient,
 * "written" the output or the input gradient; `groupVectors` vectors of what is written are read
 * together. Scratch: their strips, `[vectors][parts][rows][columns][4]`, and a row of the last channels.
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
  const last = scratch + arg(args, A.groupVectors) * vectorStep;
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
        const from = scratch + readRow * rowStep + column * 16;
        const filter = arg(args, A.filter) + (first / 4) * filterStep + taps * parts * 16;
        const to = row + j * writtenPixel + first * 4;
        const step = phases * writtenPixel, whole = count / 4;
        depthwiseRow(
          from, vectorStep, stripStep, rowStep, stride * 16, filter, filterStep,
          parts, tapRows, tapColumns, to, step, pixels, whole,
        );
        if (count & 3) {
          depthwiseRow(
            from + whole * vectorStep, vectorStep, stripStep, rowStep, stride * 16, filter + whole * filterStep,
            filterStep, parts, tapRows, tapColumns, last, 16, pixels, 1,
          );
          for (let k: usize = 0; k < pixels; k++) {
            storeLanes(to + whole * 16 + k * step, v128.load(last + k * 16), count & 3);
          }
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
