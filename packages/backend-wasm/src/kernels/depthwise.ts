import type { Conv2DGeometry } from "@bn-only/frozen-layers";
import { type FilterGradientPlan, type Job, job, roundUp, type Shape4D } from "./plan.ts";

// Host side of assembly/depthwise*.ts.

/** Outputs that lie beside each other in a strip. */
const BLOCK_OUTPUTS = 32;
/** A strip should leave room for a filter in the first-level cache. */
const STRIP_BYTES = 1 << 15;
/** The strips of blocks that are read together should stay in the second-level cache. */
const GROUP_BYTES = 1 << 19;
/** Each chunk of a filter gradient sums into a slot of its own, so their number costs memory. */
const SLOTS = 16;

export function takesDepthwise({ filterShape, groups }: Conv2DGeometry): boolean {
  return groups > 1 && filterShape[2] === 1;
}

/** How channels are cut into blocks: of so many, each with so many outputs. */
function blocksOf({ filterShape, groups }: Conv2DGeometry): {
  times: number;
  blockChannels: number;
  blocks: number;
  wide: number;
} {
  const times = filterShape[3] / groups;
  const blockChannels = Math.min(groups, Math.max(1, Math.floor(BLOCK_OUTPUTS / times)));
  const blocks = Math.ceil(groups / blockChannels);
  return { times, blockChannels, blocks, wide: roundUp(blockChannels * times, 8) };
}

/** Length in float32 of a packed filter. */
export function depthwiseFilterSize(geometry: Conv2DGeometry): number {
  const { blocks, wide } = blocksOf(geometry);
  return blocks * geometry.filterShape[0] * geometry.filterShape[1] * wide;
}

export function prepareDepthwise(
  filter: number,
  packed: number,
  geometry: Conv2DGeometry,
  rotated: boolean,
): Job {
  const { times, blockChannels } = blocksOf(geometry);
  const [height, width, , outputs] = geometry.filterShape;
  return job("prepareDepthwise", 1, {
    filter,
    packed,
    height,
    width,
    outputs,
    blockOutputs: blockChannels * times,
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
  const { times, blockChannels, wide } = blocksOf(geometry);
  const rowBytes = 4 * wide * columns;
  const bandRows = rowsOfBand(writtenHeight, stripRows, STRIP_BYTES / rowBytes);
  const bands = Math.ceil(writtenHeight / bandRows);
  const blockStep = (stripRows(bandRows) + 1) * rowBytes;
  const group = blocksOfGroup(geometry, blockStep);
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
    blockChannels,
    groupChannels: group * blockChannels,
    blockStep,
    stripColumns: columns,
    gradient,
  };
  const scratchBytes = group * blockStep + 4 * wide * writtenWidth;
  return job("convolveDepthwise", batch * bands, args, scratchBytes);
}

/** How many blocks are read together. */
function blocksOfGroup(geometry: Conv2DGeometry, blockStep: number): number {
  const { blocks } = blocksOf(geometry);
  return Math.min(blocks, Math.max(1, Math.floor(GROUP_BYTES / blockStep)));
}

/** As many rows as fit, but so many that rows which two bands read are not most of what is read. */
function rowsOfBand(height: number, stripRows: (rows: number) => number, most: number): number {
  let rows = Math.min(height, 2 * stripRows(1));
  while (rows < height && stripRows(rows + 1) <= most) rows++;
  return Math.ceil(height / Math.ceil(height / rows));
}

export function planDepthwiseFilterGradient(
  [images, height, width, channels]: Shape4D,
  [, outputHeight, outputWidth, outputs]: Shape4D,
  geometry: Conv2DGeometry,
): FilterGradientPlan {
  const { filterShape, stride, padding } = geometry;
  const [kernelHeight, kernelWidth] = filterShape;
  const { times, blockChannels, wide } = blocksOf(geometry);
  const slotBytes = 4 * depthwiseFilterSize(geometry);
  const chunkImages = Math.ceil(images / SLOTS);
  const slots = Math.ceil(images / chunkImages);

  const stripRows = (rows: number): number => (rows - 1) * stride + kernelHeight;
  const columns = (outputWidth - 1) * stride + kernelWidth;
  const bandRows = rowsOfBand(outputHeight, stripRows, STRIP_BYTES / (4 * wide * columns));
  const bandBytes = 4 * wide * (stripRows(bandRows) * columns + bandRows * outputWidth);
  const group = blocksOfGroup(geometry, bandBytes);
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
          times,
          bandRows,
          blockChannels,
          groupChannels: group * blockChannels,
          slotBytes,
          chunkImages,
          images,
        },
        group * bandBytes,
      ),
    finish: (pointer, filterGradient) =>
      job("depthwiseFilterFinish", kernelHeight * kernelWidth, {
        slots: pointer,
        filterGradient,
        slotCount: slots,
        slotBytes,
        taps: kernelHeight * kernelWidth,
        outputs,
        blockOutputs: blockChannels * times,
      }),
  };
}
