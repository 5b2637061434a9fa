// Convolution of any size and stride as the plain sum. The input is read in place or from a padded copy in
// the scratch memory. The taps of a pixel are `tapRows` by `tapColumns` runs of numbers that lie behind
// each other; without groups a whole row of the kernel is one run.
import { ConvolveDirect as A, ConvolveDirectGradient as G } from "./generated/arguments";
import { emptySlot, finishPixels } from "./epilogue";
import { fillPanels, listPixels, multiplyPixels } from "./panels";
import { padStrip } from "./pixels";
import { arg, roundUp } from "./simd";

/**
 * One band: some output rows of an image, or some images. Arguments: input, output, filter as `prepareDirect`
 * packs it; images; height, width, channels of input and output; kernel height and width, stride, padding,
 * groups; images and rows in a band, bands in an image, whether the input is read in place; pixels in a
 * band, filled up to panels, and bytes of the padded rows that it reads of an image; those of the
 * prologue and the epilogue. Scratch: addresses of the pixels that are read and written, the padded rows, and what
 * `multiplyPixels` takes.
 */
export function convolveDirect(args: usize, chunk: i32, scratch: usize): void {
  const height = arg(args, A.height), width = arg(args, A.width), channels = arg(args, A.channels);
  const outputHeight = arg(args, A.outputHeight), outputWidth = arg(args, A.outputWidth);
  const outputChannels = arg(args, A.outputs);
  const kernelHeight = arg(args, A.kernelHeight), kernelWidth = arg(args, A.kernelWidth);
  const stride = arg(args, A.stride);
  const padding = arg(args, A.padding), groups = arg(args, A.groups);
  const bandRows = arg(args, A.bandRows), bands = arg(args, A.bands);
  const bandPixels = arg(args, A.bandPixels), stripBytes = arg(args, A.stripBytes);
  const inPlace = arg(args, A.inPlace) != 0;

  const band = <usize>chunk / bands;
  const row = (<usize>chunk - band * bands) * bandRows;
  const rows = min(bandRows, outputHeight - row);
  const image = band * arg(args, A.bandImages);
  const images = min(arg(args, A.bandImages), arg(args, A.images) - image);
  const pixel = channels * 4, outputPixel = outputChannels * 4;
  const columns = inPlace ? width : (outputWidth - 1) * stride + kernelWidth;
  const from = scratch, to = from + bandPixels * 4, strips = to + bandPixels * 4;
  const work = strips + arg(args, A.bandImages) * stripBytes;
  let end = from;
  for (let i: usize = 0; i < images; i++) {
    const x = arg(args, A.input) + (image + i) * height * width * pixel;
    const strip = inPlace ? x + row * stride * width * pixel : strips + i * stripBytes;
    if (!inPlace) {
      padStrip(
        x, height, width, channels, row * stride - padding, 0 - padding,
        (rows - 1) * stride + kernelHeight, columns, strip, args + 8 * A.prologueKind,
      );
    }
    end = listPixels(strip, rows, stride * columns * pixel, outputWidth, stride * pixel, end);
  }
  const panels = fillPanels(from, end);

  const at = (image * outputHeight + row) * outputWidth * outputPixel;
  const y = arg(args, A.output) + at;
  const pixels = images * rows * outputWidth;
  fillPanels(to, listPixels(y, 1, 0, pixels, outputPixel, to));
  memory.fill(y, 0, pixels * outputPixel);

  const run = groups == 1 ? kernelWidth * channels : channels / groups;
  const tapColumns = groups == 1 ? <usize>1 : kernelWidth;
  const outputs = outputChannels / groups;
  const filterBytes = kernelHeight * tapColumns * run * roundUp(outputs, 8) * 4;
  for (let group: usize = 0; group < groups; group++) {
    multiplyPixels(
      from, group * run * 4, panels, kernelHeight, columns * pixel, tapColumns, pixel, run,
      arg(args, A.filter) + group * filterBytes, to, group * outputs * 4, outputs, work,
    );
  }
  const epilogue = args + 8 * A.epilogueKind;
  const slot = emptySlot(epilogue, chunk, outputChannels);
  finishPixels(epilogue, arg(args, A.output), at, pixels, outputChannels, slot);
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
  const bandPixels = arg(args, G.bandPixels), stripBytes = arg(args, G.stripBytes);

  const band = <usize>chunk / bands;
  const row = (<usize>chunk - band * bands) * bandRows;
  const rows = min(bandRows, height - row);
  const image = band * arg(args, G.bandImages);
  const images = min(arg(args, G.bandImages), arg(args, G.images) - image);
  const pixel = outputChannels * 4;
  const mostRows = (kernelHeight + stride - 1) / stride;
  const mostColumns = (kernelWidth + stride - 1) / stride;
  const firstRow = <isize>((row + padding) / stride) - <isize>mostRows + 1;
  const firstColumn = <isize>(padding / stride) - <isize>mostColumns + 1;
  const stripRows = <isize>((row + rows - 1 + padding) / stride) - firstRow + 1;
  const columns = <isize>((width - 1 + padding) / stride) - firstColumn + 1;
  const from = scratch, to = from + bandPixels * 4, strips = to + bandPixels * 4;
  const work = strips + arg(args, G.bandImages) * stripBytes;
  for (let i: usize = 0; i < images; i++) {
    padStrip(
      arg(args, G.outputGradient) + (image + i) * outputHeight * outputWidth * pixel,
      outputHeight, outputWidth, outputChannels, firstRow, firstColumn, stripRows, columns,
      strips + i * stripBytes, args + 8 * G.prologueKind,
    );
  }

  const outputs = outputChannels / groups;
  const inputs = channels / groups;
  const inputPixel = channels * 4;
  const at = (image * height + row) * width * inputPixel;
  const x = arg(args, G.inputGradient) + at;
  const pixels = images * rows * width;
  memory.fill(x, 0, pixels * inputPixel);
  let filter = arg(args, G.filter);
  for (let rowPhase: usize = 0; rowPhase < stride; rowPhase++) {
    // The first row i of the band with (row + i + padding) mod stride = rowPhase; the same for columns.
    const i = (rowPhase + stride - ((row + padding) % stride)) % stride;
    const phaseRows = i < rows ? (rows - i + stride - 1) / stride : 0;
    const tapRows = tapsOf(kernelHeight, rowPhase, stride);
    const top = <isize>((row + i + padding) / stride) - <isize>tapRows + 1 - firstRow;
    for (let columnPhase: usize = 0; columnPhase < stride; columnPhase++) {
      const j = (columnPhase + stride - (padding % stride)) % stride;
      const phaseColumns = j < width ? (width - j + stride - 1) / stride : 0;
      const tapColumns = tapsOf(kernelWidth, columnPhase, stride);
      const left = <isize>((j + padding) / stride) - <isize>tapColumns + 1 - firstColumn;
      const filterBytes = tapRows * tapColumns * outputs * roundUp(inputs, 8) * 4;
      if (filterBytes && phaseRows && phaseColumns) {
        let fromEnd = from, toEnd = to;
        for (let k: usize = 0; k < images; k++) {
          const read = strips + k * stripBytes + (top * columns + left) * pixel;
          const written = x + ((k * height + i) * width + j) * inputPixel;
          fromEnd = listPixels(read, phaseRows, columns * pixel, phaseColumns, pixel, fromEnd);
          toEnd = listPixels(
            written, phaseRows, stride * width * inputPixel, phaseColumns, stride * inputPixel, toEnd,
          );
        }
        const panels = fillPanels(from, fromEnd);
        fillPanels(to, toEnd);
        for (let group: usize = 0; group < groups; group++) {
          multiplyPixels(
            from, group * outputs * 4, panels, tapRows, columns * pixel,
            groups == 1 ? <usize>1 : tapColumns, pixel, groups == 1 ? tapColumns * outputs : outputs,
            filter + group * filterBytes, to, group * inputs * 4, inputs, work,
          );
        }
      }
      filter += groups * filterBytes;
    }
  }
  const epilogue = args + 8 * G.epilogueKind;
  const slot = emptySlot(epilogue, chunk, channels);
  finishPixels(epilogue, arg(args, G.inputGradient), at, pixels, channels, slot);
}
