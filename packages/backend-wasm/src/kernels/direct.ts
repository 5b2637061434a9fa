import type { Conv2DGeometry } from "@bn-only/frozen-layers";
import { DEPTH, productBytes } from "./panels.ts";
import {
  type ConvolutionPointers,
  type Job,
  job,
  PROLOGUE,
  roundUp,
  type Shape4D,
} from "./plan.ts";

// Host side of assembly/direct.ts.

/** The panels of a band should stay in the second-level cache. The more of them, the less often the filter is read. */
const PANEL_BYTES = 1 << 17;
/** Small images are multiplied together, as long as so many bands are left for the threads. */
const LEAST_BANDS = 4;

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
  const [batch, , , channels] = inputShape;
  const [, outputHeight, outputWidth] = outputShape;
  const inPlace = padding === 0 && pointers.prologue.prologueKind === PROLOGUE.nothing;
  const columns = (outputWidth - 1) * stride + filterShape[1];
  const taps = filterShape[0] * filterShape[1] * filterShape[2];
  const { mostImages, bandImages, bandRows } = cut(batch, outputHeight, outputWidth, taps);
  const bands = Math.ceil(outputHeight / bandRows);
  const bandPixels = roundUp(mostImages * bandRows * outputWidth, 4);
  const stripRows = (bandRows - 1) * stride + filterShape[0];
  const stripBytes = inPlace ? 0 : roundUp(4 * stripRows * columns * channels, 64);
  const chunks = Math.ceil(batch / bandImages) * bands;
  const { input, output, filter, prologue } = pointers;
  const args = {
    input,
    output,
    filter,
    ...sizes(inputShape, outputShape, geometry),
    bandImages,
    bandRows,
    bands,
    inPlace: inPlace ? 1 : 0,
    bandPixels,
    stripBytes,
    ...prologue,
    ...pointers.epilogue(chunks),
  };
  return job(
    "convolveDirect",
    chunks,
    args,
    mostImages * stripBytes + productBytes(bandPixels, taps),
  );
}

/** `pointers.input` is the output gradient, `pointers.output` the input gradient. */
export function directGradient(
  pointers: ConvolutionPointers,
  inputShape: Shape4D,
  outputShape: Shape4D,
  geometry: Conv2DGeometry,
): Job {
  const { filterShape, stride, groups } = geometry;
  const [batch, height, width] = inputShape;
  const channels = outputShape[3];
  const columns = Math.ceil(width / stride) + Math.ceil(filterShape[1] / stride);
  const phaseTaps = Math.ceil(filterShape[0] / stride) * Math.ceil(filterShape[1] / stride);
  const taps = (phaseTaps * channels) / groups;
  const phaseWidth = Math.ceil(width / stride);
  const cutting = cut(batch, Math.ceil(height / stride), phaseWidth, taps);
  const { mostImages, bandImages } = cutting;
  const bandRows = Math.min(height, stride * cutting.bandRows);
  const bands = Math.ceil(height / bandRows);
  const bandPixels = roundUp(mostImages * cutting.bandRows * phaseWidth, 4);
  const stripRows = Math.ceil(bandRows / stride) + Math.ceil(filterShape[0] / stride);
  const stripBytes = roundUp(4 * stripRows * columns * channels, 64);
  const chunks = Math.ceil(batch / bandImages) * bands;
  const { input, output, filter, prologue } = pointers;
  const args = {
    outputGradient: input,
    inputGradient: output,
    filter,
    ...sizes(inputShape, outputShape, geometry),
    bandImages,
    bandRows,
    bands,
    bandPixels,
    stripBytes,
    ...prologue,
    ...pointers.epilogue(chunks),
  };
  return job(
    "convolveDirectGradient",
    chunks,
    args,
    mostImages * stripBytes + productBytes(bandPixels, taps),
  );
}

interface Bands {
  /** The scratch memory is for so many images, so that it does not depend on the batch. */
  readonly mostImages: number;
  readonly bandImages: number;
  readonly bandRows: number;
}

/** So many rows of an image, or images, that their pixels fill the panels of a band. */
function cut(batch: number, height: number, width: number, taps: number): Bands {
  const pixels = PANEL_BYTES / (4 * Math.min(DEPTH, taps));
  const rows = Math.max(1, Math.floor(pixels / width));
  if (rows < height) return { mostImages: 1, bandImages: 1, bandRows: rows };
  const mostImages = Math.floor(rows / height);
  const bandImages = Math.max(1, Math.min(mostImages, Math.floor(batch / LEAST_BANDS)));
  return { mostImages, bandImages, bandRows: height };
}

function sizes(
  [images, height, width, channels]: Shape4D,
  [, outputHeight, outputWidth, outputs]: Shape4D,
  { filterShape: [kernelHeight, kernelWidth], stride, padding, groups }: Conv2DGeometry,
): Record<
  | ("height" | "width" | "channels" | "outputHeight" | "outputWidth" | "outputs")
  | ("kernelHeight" | "kernelWidth" | "stride" | "padding" | "groups" | "images"),
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
    images,
  };
}
