// Convolution of any size and stride as the plain sum: 4 pixels by 8 outputs stay in registers, the
// input is read in place or from a padded copy in the scratch memory. The taps of a pixel are
// `tapRows` by `tapColumns` runs of numbers that lie behind each other; without groups a whole row
// of the kernel is one run.
import { ConvolveDirect as A, ConvolveDirectGradient as G } from "./generated/arguments";
import { emptySlot, finishPixels } from "./epilogue";
import { padStrip } from "./pixels";
import { arg, madd, roundUp } from "./simd";

/** 4 pixels at `a`, `pixelStep` apart, times a filter `[taps][8]`, to 8 numbers each at `o`. */
export function multiplyTaps(
  a: usize, pixelStep: usize, tapRows: usize, rowStep: usize, tapColumns: usize, columnStep: usize,
  run: usize, filter: usize, o: usize, outputStep: usize,
): void {
  let c00 = f32x4.splat(0), c01 = f32x4.splat(0), c10 = f32x4.splat(0), c11 = f32x4.splat(0);
  let c20 = f32x4.splat(0), c21 = f32x4.splat(0), c30 = f32x4.splat(0), c31 = f32x4.splat(0);
  let b = filter;
  let first = a;
  do {
    let at = first;
    let columns = tapColumns;
    do {
      let a0 = at;
      let a1 = a0 + pixelStep;
      let a2 = a1 + pixelStep;
      let a3 = a2 + pixelStep;
      const end = a0 + run;
      do {
        const lo = v128.load(b);
        const hi = v128.load(b, 16);
        let s = v128.load32_splat(a0);
        c00 = madd(s, lo, c00); c01 = madd(s, hi, c01);
        s = v128.load32_splat(a1);
        c10 = madd(s, lo, c10); c11 = madd(s, hi, c11);
        s = v128.load32_splat(a2);
        c20 = madd(s, lo, c20); c21 = madd(s, hi, c21);
        s = v128.load32_splat(a3);
        c30 = madd(s, lo, c30); c31 = madd(s, hi, c31);
        b += 32; a0 += 4; a1 += 4; a2 += 4; a3 += 4;
      } while (a0 < end);
      at += columnStep;
    } while (--columns);
    first += rowStep;
  } while (--tapRows);
  v128.store(o, c00); v128.store(o, c01, 16); o += outputStep;
  v128.store(o, c10); v128.store(o, c11, 16); o += outputStep;
  v128.store(o, c20); v128.store(o, c21, 16); o += outputStep;
  v128.store(o, c30); v128.store(o, c31, 16);
}

/**
 * A row of `pixels` times a filter, to `lanes` numbers each. The last four overlap the ones before
 * where 4 does not divide the row; what does not fill four pixels or 8 lanes goes through `tile`.
 */
export function multiplyRow(
  a: usize, pixelStep: usize, tapRows: usize, rowStep: usize, tapColumns: usize, columnStep: usize,
  run: usize, filter: usize, o: usize, outputStep: usize, pixels: usize, lanes: usize, tile: usize,
): void {
  for (let pixel: usize = 0; pixel < pixels; pixel += 4) {
    const count = min<usize>(4, pixels);
    const first = min(pixel, pixels - count);
    const from = a + first * pixelStep;
    const to = o + first * outputStep;
    if (count == 4 && lanes == 8) {
      multiplyTaps(
        from, pixelStep, tapRows, rowStep, tapColumns, columnStep, run, filter, to, outputStep,
      );
      continue;
    }
    multiplyTaps(from, pixelStep, tapRows, rowStep, tapColumns, columnStep, run, filter, tile, 32);
    for (let i: usize = 0; i < count; i++) {
      memory.copy(to + i * outputStep, tile + i * 32, lanes * 4);
    }
  }
}

/**
 * One band of output rows. Arguments: input, output, filter as `prepareDirect` packs it; height,
 * width, channels of input and output; kernel height and width, stride, padding, groups; rows in a
 * band, bands in an image, whether the input is read in place; those of the prologue and the
 * epilogue. Scratch: a tile of 32 numbers and
 * the padded rows of a band, with 4 pixels of any value behind them.
 */
export function convolveDirect(args: usize, chunk: i32, scratch: usize): void {
  const height = arg(args, A.height), width = arg(args, A.width), channels = arg(args, A.channels);
  const outputHeight = arg(args, A.outputHeight), outputWidth = arg(args, A.outputWidth);
  const outputChannels = arg(args, A.outputs);
  const kernelHeight = arg(args, A.kernelHeight), kernelWidth = arg(args, A.kernelWidth);
  const stride = arg(args, A.stride);
  const padding = arg(args, A.padding), groups = arg(args, A.groups);
  const bandRows = arg(args, A.bandRows), bands = arg(args, A.bands);
  const inPlace = arg(args, A.inPlace) != 0;

  const image = <usize>chunk / bands;
  const row = (<usize>chunk - image * bands) * bandRows;
  const rows = min(bandRows, outputHeight - row);
  const pixel = channels * 4;
  const columns = inPlace ? width : (outputWidth - 1) * stride + kernelWidth;
  const first = arg(args, A.input) + image * height * width * pixel;
  const tile = scratch;
  const strip = inPlace ? first + row * stride * width * pixel : scratch + 128;
  if (!inPlace) {
    padStrip(
      first, height, width, channels, row * stride - padding, 0 - padding,
      (rows - 1) * stride + kernelHeight, columns, strip, args + 8 * A.prologueKind,
    );
  }

  const run = (groups == 1 ? kernelWidth * channels : channels / groups) * 4;
  const tapColumns = groups == 1 ? <usize>1 : kernelWidth;
  const outputs = outputChannels / groups;
  const at = (image * outputHeight + row) * outputWidth * outputChannels * 4;
  const y = arg(args, A.output) + at;
  let filter = arg(args, A.filter);
  for (let group: usize = 0; group < groups; group++) {
    for (let output: usize = 0; output < outputs; output += 8) {
      for (let i: usize = 0; i < rows; i++) {
        multiplyRow(
          strip + i * stride * columns * pixel + group * run, stride * pixel,
          kernelHeight, columns * pixel, tapColumns, pixel, run, filter,
          y + (i * outputWidth * outputChannels + group * outputs + output) * 4,
          outputChannels * 4, outputWidth, min<usize>(8, outputs - output), tile,
        );
      }
      filter += kernelHeight * tapColumns * run * 8;
    }
  }
  const epilogue = args + 8 * A.epilogueKind;
  const slot = emptySlot(epilogue, chunk, outputChannels);
  finishPixels(epilogue, arg(args, A.output), at, rows * outputWidth, outputChannels, slot);
}

/** How many of `size` taps a phase of the stride meets. */
// @ts-ignore: decorator
@inline
export function tapsOf(size: usize, phase: usize, stride: usize): usize {
  return phase < size ? (size - phase + stride - 1) / stride : 0;
}

/**
 * dLoss/dInput of one band of input rows. A pixel of the input meets the taps whose distance to it
 * is a multiple of the stride: with stride 2, four kinds of pixels, each with a small filter of its
 * own. Arguments: output gradient, input gradient, filter as `prepareDirectRotated` packs it; the
 * rest as for `convolveDirect`, with bands of input rows.
 */
export function convolveDirectGradient(args: usize, chunk: i32, scratch: usize): void {
  const height = arg(args, G.height), width = arg(args, G.width), channels = arg(args, G.channels);
  const outputHeight = arg(args, G.outputHeight), outputWidth = arg(args, G.outputWidth);
  const outputChannels = arg(args, G.outputs);
  const kernelHeight = arg(args, G.kernelHeight), kernelWidth = arg(args, G.kernelWidth);
  const stride = arg(args, G.stride);
  const padding = arg(args, G.padding), groups = arg(args, G.groups);
  const bandRows = arg(args, G.bandRows), bands = arg(args, G.bands);

  const image = <usize>chunk / bands;
  const row = (<usize>chunk - image * bands) * bandRows;
  const rows = min(bandRows, height - row);
  const pixel = outputChannels * 4;
  const mostRows = (kernelHeight + stride - 1) / stride;
  const mostColumns = (kernelWidth + stride - 1) / stride;
  const firstRow = <isize>((row + padding) / stride) - <isize>mostRows + 1;
  const firstColumn = <isize>(padding / stride) - <isize>mostColumns + 1;
  const stripRows = <isize>((row + rows - 1 + padding) / stride) - firstRow + 1;
  const columns = <isize>((width - 1 + padding) / stride) - firstColumn + 1;
  const tile = scratch;
  const strip = scratch + 128;
  padStrip(
    arg(args, G.outputGradient) + image * outputHeight * outputWidth * pixel,
    outputHeight, outputWidth, outputChannels, firstRow, firstColumn, stripRows, columns, strip,
    args + 8 * G.prologueKind,
  );

  const outputs = outputChannels / groups;
  const inputs = channels / groups;
  const x = arg(args, G.inputGradient) + image * height * width * channels * 4;
  let filter = arg(args, G.filter);
  for (let rowPhase: usize = 0; rowPhase < stride; rowPhase++) {
    for (let columnPhase: usize = 0; columnPhase < stride; columnPhase++) {
      const tapRows = tapsOf(kernelHeight, rowPhase, stride);
      const tapColumns = tapsOf(kernelWidth, columnPhase, stride);
      const taps = tapRows * tapColumns * outputs;
      // The first column j with (j + padding) mod stride = columnPhase.
      const column = (columnPhase + stride - (padding % stride)) % stride;
      const pixels = column < width ? (width - column + stride - 1) / stride : 0;
      const shift = <isize>((column + padding) / stride) - <isize>tapColumns + 1 - firstColumn;
      const run = (groups == 1 ? tapColumns : <usize>1) * outputs * 4;
      for (let group: usize = 0; group < groups; group++) {
        for (let channel: usize = 0; channel < inputs; channel += 8) {
          const lanes = min<usize>(8, inputs - channel);
          for (let i = row; i < row + rows; i++) {
            if ((i + padding) % stride != rowPhase) continue;
            const to = x + ((i * width + column) * channels + group * inputs + channel) * 4;
            if (taps == 0) {
              for (let k: usize = 0; k < pixels; k++) {
                memory.fill(to + k * stride * channels * 4, 0, lanes * 4);
              }
              continue;
            }
            const top = <isize>((i + padding) / stride) - <isize>tapRows + 1 - firstRow;
            multiplyRow(
              strip + (top * columns + shift) * pixel + group * outputs * 4, pixel,
              tapRows, columns * pixel, groups == 1 ? <usize>1 : tapColumns, pixel, run, filter,
              to, stride * channels * 4, pixels, lanes, tile,
            );
          }
          filter += taps * 32;
        }
      }
    }
  }
  const epilogue = args + 8 * G.epilogueKind;
  const slot = emptySlot(epilogue, chunk, channels);
  const at = (image * height + row) * width * channels * 4;
  finishPixels(epilogue, arg(args, G.inputGradient), at, rows * width, channels, slot);
}
