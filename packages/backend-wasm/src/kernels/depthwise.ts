import type { Conv2DGeometry } from "@bn-only/frozen-layers";
import {
  finishDepthwise,
  planThreeByThreeFilterGradient,
  SLOTS,
  takesThreeByThree,
  threeByThree,
} from "./depthwise-three.ts";
import { type FilterGradientPlan, type Job, job, roundUp, type Shape4D } from "./plan.ts";

// Host side of assembly/depthwise.ts and depthwise-filter-gradient.ts.

/** The strips of channels that are read together should stay in the second-level cache, beside what is written. */
const GROUP_BYTES = 1 << 18;
/** A filter gradient writes next to nothing. */
const GRADIENT_GROUP_BYTES = 1 << 19;

export function takesDepthwise({ filterShape, groups }: Conv2DGeometry): boolean {
  return groups > 1 && filterShape[2] === 1;
}

/** Outputs that a channel has. */
function timesOf({ filterShape, groups }: Conv2DGeometry): number {
  return filterShape[3] / groups;
}

/** Length in float32 of a packed filter. */
export function depthwiseFilterSize({ filterShape, groups }: Conv2DGeometry): number {
  const [height, width, , outputs] = filterShape;
  return height * width * Math.max(roundUp(outputs, 4), (outputs / groups) * roundUp(groups, 4));
}

export function prepareDepthwise(
  filter: number,
  packed: number,
  geometry: Conv2DGeometry,
  rotated: boolean,
): Job {
  const [height, width, , outputs] = geometry.filterShape;
  return job("prepareDepthwise", 1, {
    filter,
    packed,
    height,
    width,
    outputs,
    parts: rotated ? timesOf(geometry) : 1,
    phases: rotated ? geometry.stride : 1,
    rotated: rotated ? 1 : 0,
  });
}

export interface DepthwisePointers {
  readonly read: number;
  readonly written: number;
  readonly filter: number;
}

/** Reads the input and writes the output. */
export function depthwise(
  pointers: DepthwisePointers,
  inputShape: Shape4D,
  outputShape: Shape4D,
  geometry: Conv2DGeometry,
): Job {
  if (takesThreeByThree(geometry)) return threeByThree(pointers, inputShape);
  const { filterShape, stride } = geometry;
  const columns = (outputShape[2] - 1) * stride + filterShape[1];
  return convolve(pointers, inputShape, outputShape, geometry, {
    columns,
    stripRows: (rows) => (rows - 1) * stride + filterShape[0],
    phases: 1,
    gradient: 0,
  });
}

/** Reads the output gradient and writes the input gradient. */
export function depthwiseGradient(
  pointers: DepthwisePointers,
  gradientShape: Shape4D,
  inputShape: Shape4D,
  geometry: Conv2DGeometry,
): Job {
  if (takesThreeByThree(geometry)) return threeByThree(pointers, inputShape);
  const { filterShape, padding, stride } = geometry;
  const reach = (size: number): number => Math.ceil(size / stride) - 1;
  const left = Math.floor(padding / stride) - reach(filterShape[1]);
  return convolve(
    pointers,
    gradientShape,
    inputShape,
    { ...geometry, stride: 1 },
    {
      columns: Math.floor((inputShape[2] - 1 + padding) / stride) - left + 1,
      stripRows: (rows) => Math.ceil(rows / stride) + 1 + reach(filterShape[0]),
      phases: stride,
      gradient: 1,
    },
  );
}

interface Pass {
  /** Of the strip. */
  readonly columns: number;
  /** Rows of the strip for so many rows that are written, at most. */
  stripRows(rows: number): number;
  readonly phases: number;
  readonly gradient: number;
}

function convolve(
  pointers: DepthwisePointers,
  [batch, readHeight, readWidth]: Shape4D,
  [, writtenHeight, writtenWidth]: Shape4D,
  geometry: Conv2DGeometry,
  { columns, stripRows, phases, gradient }: Pass,
): Job {
  const { filterShape, stride, padding, groups } = geometry;
  const times = timesOf(geometry);
  const parts = gradient ? times : 1;
  const vectors = Math.ceil((gradient ? groups : filterShape[3]) / 4);
  const vectorBytes = (rows: number): number => parts * stepOf(stripRows(rows) * columns);
  const { bandRows, groupVectors } = cut(
    writtenHeight,
    vectors,
    stripRows,
    vectorBytes,
    GROUP_BYTES,
  );
  const bands = Math.ceil(writtenHeight / bandRows);
  const args = {
    ...pointers,
    readHeight,
    readWidth,
    writtenHeight,
    writtenWidth,
    kernelHeight: filterShape[0],
    kernelWidth: filterShape[1],
    channels: groups,
    times,
    stride,
    phases,
    padding,
    bands,
    bandRows,
    groupVectors,
    stripStep: stepOf(stripRows(bandRows) * columns),
    stripColumns: columns,
    gradient,
  };
  const scratchBytes = groupVectors * vectorBytes(bandRows) + 16 * writtenWidth;
  return job("convolveDepthwise", batch * bands, args, scratchBytes);
}

/** Bytes of a strip of so many pixels: an odd number of cache lines, as many strips are written at once. */
function stepOf(pixels: number): number {
  return roundUp(16 * pixels, 128) + 64;
}

/**
 * Cuts rows into bands and vectors into groups that are read together: as many rows as fit with all
 * vectors, but so many that rows which two bands read are not most of what is read.
 */
function cut(
  height: number,
  vectors: number,
  stripRows: (rows: number) => number,
  vectorBytes: (rows: number) => number,
  groupBytes: number,
): { bandRows: number; groupVectors: number } {
  let rows = Math.min(height, 2 * stripRows(1));
  while (rows < height && vectors * vectorBytes(rows + 1) <= groupBytes) rows++;
  const bandRows = Math.ceil(height / Math.ceil(height / rows));
  const fitting = Math.max(1, Math.floor(groupBytes / vectorBytes(bandRows)));
  return { bandRows, groupVectors: Math.min(vectors, fitting) };
}

export function planDepthwiseFilterGradient(
  [images, height, width, channels]: Shape4D,
  [, outputHeight, outputWidth, outputs]: Shape4D,
  geometry: Conv2DGeometry,
): FilterGradientPlan {
  if (takesThreeByThree(geometry)) {
    return planThreeByThreeFilterGradient([images, height, width, channels]);
  }
  const { filterShape, stride, padding } = geometry;
  const [kernelHeight, kernelWidth] = filterShape;
  const taps = kernelHeight * kernelWidth;
  const vectors = Math.ceil(outputs / 4);
  const slotBytes = 16 * vectors * taps;
  const chunkImages = Math.max(1, Math.ceil(images / SLOTS));
  const slots = Math.ceil(images / chunkImages);

  const inputRows = (rows: number): number => (rows - 1) * stride + kernelHeight;
  const gradientColumns = roundUp(outputWidth, 2);
  const stripColumns = (gradientColumns - 1) * stride + kernelWidth;
  const gradientBytes = (rows: number): number => stepOf(rows * gradientColumns);
  const stripBytes = (rows: number): number => stepOf(inputRows(rows) * stripColumns);
  const vectorBytes = (rows: number): number => gradientBytes(rows) + stripBytes(rows);
  const { bandRows, groupVectors } = cut(
    outputHeight,
    vectors,
    inputRows,
    vectorBytes,
    GRADIENT_GROUP_BYTES,
  );
  return {
    slots,
    slotBytes,
    sum: (pointers) =>
      job(
        "depthwiseFilterGradient",
        slots,
        {
          ...pointers,
          height,
          width,
          channels,
          outputHeight,
          outputWidth,
          kernelHeight,
          kernelWidth,
          stride,
          padding,
          times: timesOf(geometry),
          bandRows,
          groupVectors,
          stripStep: stripBytes(bandRows),
          stripColumns,
          gradientStep: gradientBytes(bandRows),
          slotBytes,
          chunkImages,
          images,
        },
        groupVectors * vectorBytes(bandRows),
      ),
    finish: finishDepthwise({ slotCount: slots, slotBytes, taps, outputs }),
  };
}
