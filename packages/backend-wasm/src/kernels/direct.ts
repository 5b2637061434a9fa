import type { Conv2DGeometry } from "@bn-only/frozen-layers";
import {
  type ConvolutionPointers,
  type Job,
  job,
  PROLOGUE,
  roundUp,
  type Shape4D,
} from "./plan.ts";

// Host side of assembly/direct.ts.

/** The padded rows of a band should leave room for a filter in the second-level cache. */
const BAND_BYTES = 1 << 17;

/** Length in float32 of a packed filter. */
export function directFilterSize(
  { filterShape, groups }: Conv2DGeometry,
  rotated: boolean,
): number {
  const [height, width, channels, outputs] = filterShape;
  const perGroup = outputs / groups;
  const [inner, outer] = rotated ? [perGroup, channels] : [channels, perGroup];
  return groups * height * width * inner * roundUp(outer, 8);
}

export function prepareDirect(
  filter: number,
  packed: number,
  { filterShape, groups, stride }: Conv2DGeometry,
  rotated: boolean,
): Job {
  const [height, width, channels, outputs] = filterShape;
  const args = { filter, packed, height, width, channels, outputs, groups };
  return rotated
    ? job("prepareDirectRotated", 1, { ...args, stride })
    : job("prepareDirect", 1, args);
}

export function direct(
  pointers: ConvolutionPointers,
  inputShape: Shape4D,
  outputShape: Shape4D,
  geometry: Conv2DGeometry,
): Job {
  const { filterShape, stride, padding } = geometry;
  const [batch, , width, channels] = inputShape;
  const [, outputHeight, outputWidth] = outputShape;
  // Rows of fewer than four pixels are read beyond their end, which only a copy allows.
  const untouched = pointers.prologue.prologueKind === PROLOGUE.nothing;
  const inPlace = untouched && padding === 0 && outputWidth >= 4;
  const columns = (outputWidth - 1) * stride + filterShape[1];
  const rowBytes = 4 * channels * (inPlace ? width : columns);
  const bandRows = rowsPerBand(stride * rowBytes, outputHeight);
  const bands = Math.ceil(outputHeight / bandRows);
  const stripRows = (bandRows - 1) * stride + filterShape[0];
  const { input, output, filter, prologue } = pointers;
  const args = {
    input,
    output,
    filter,
    ...sizes(inputShape, outputShape, geometry),
    bandRows,
    bands,
    inPlace: inPlace ? 1 : 0,
    ...prologue,
    ...pointers.epilogue(batch * bands),
  };
  const scratchBytes = 128 + (inPlace ? 0 : stripRows * rowBytes + 16 * channels * stride);
  return job("convolveDirect", batch * bands, args, scratchBytes);
}

/** `pointers.input` is the output gradient, `pointers.output` the input gradient. */
export function directGradient(
  pointers: ConvolutionPointers,
  inputShape: Shape4D,
  outputShape: Shape4D,
  geometry: Conv2DGeometry,
): Job {
  const { filterShape, stride } = geometry;
  const [batch, height, width] = inputShape;
  const channels = outputShape[3];
  const columns = Math.ceil(width / stride) + Math.ceil(filterShape[1] / stride);
  const rowBytes = 4 * channels * columns;
  const bandRows = Math.min(height, stride * rowsPerBand(rowBytes, Math.ceil(height / stride)));
  const bands = Math.ceil(height / bandRows);
  const stripRows = Math.ceil(bandRows / stride) + Math.ceil(filterShape[0] / stride);
  const { input, output, filter, prologue } = pointers;
  const args = {
    outputGradient: input,
    inputGradient: output,
    filter,
    ...sizes(inputShape, outputShape, geometry),
    bandRows,
    bands,
    ...prologue,
    ...pointers.epilogue(batch * bands),
  };
  const scratchBytes = 128 + stripRows * rowBytes + 16 * channels;
  return job("convolveDirectGradient", batch * bands, args, scratchBytes);
}

function rowsPerBand(rowBytes: number, rows: number): number {
  return Math.min(rows, Math.max(1, Math.floor(BAND_BYTES / rowBytes)));
}

function sizes(
  [, height, width, channels]: Shape4D,
  [, outputHeight, outputWidth, outputs]: Shape4D,
  { filterShape: [kernelHeight, kernelWidth], stride, padding, groups }: Conv2DGeometry,
): Record<
  | ("height" | "width" | "channels" | "outputHeight" | "outputWidth" | "outputs")
  | ("kernelHeight" | "kernelWidth" | "stride" | "padding" | "groups"),
  number
> {
  return {
    height,
    width,
    channels,
    outputHeight,
    outputWidth,
    outputs,
    kernelHeight,
    kernelWidth,
    stride,
    padding,
    groups,
  };
}
