import type { Conv2DGeometry } from "@bn-only/frozen-layers";
import { productBytes } from "./panels.ts";
import {
  type ConvolutionPointers,
  itemsPerChunk,
  type Job,
  job,
  roundUp,
  type Shape4D,
  NO_EPILOGUE,
  NO_PROLOGUE,
  type FilterGradientPlan,
} from "./plan.ts";

// Host side of assembly/winograd*.ts.

/**
 * Tiles of a block. Each block reads the whole filter, which for hundreds of channels lies outside the second-level cache; so
 * it has many tiles, unless too few blocks were left for the threads.
 */
const TILES = { least: 16, most: 32, leastBlocks: 4 };

/**
 * Packed filters take four times the memory of the weights. Of the widest networks, 2048 channels to 2048, those of all layers
 * would not fit in 4 GiB.
 */
const MOST_FILTER_NUMBERS = 1 << 26;
const MOST_SUMMED_NUMBERS = 1 << 14;

/** The input gradient has 2 − padding zeros around what it reads. */
export function takesWinograd({ filterShape, stride, padding, groups }: Conv2DGeometry): boolean {
  const [height, width, channels, outputs] = filterShape;
  if (height !== 3 || width !== 3 || stride !== 1 || padding > 2 || groups !== 1) {
    return false;
  }
  return winogradFilterSize(channels, outputs) <= MOST_FILTER_NUMBERS;
}

/**
 * Whether the filter gradient is summed in the transformed domain. For hundreds of channels the sums of 36 frequencies, which
 * every block adds to, are too large for the caches.
 */
export function sumsByWinograd(geometry: Conv2DGeometry): boolean {
  const [, , channels, outputs] = geometry.filterShape;
  return takesWinograd(geometry) && channels * outputs <= MOST_SUMMED_NUMBERS;
}

/** Length in float32 of a packed filter that maps `channels` to `outputs`. */
export function winogradFilterSize(channels: number, outputs: number): number {
  return 36 * roundUp(channels, 4) * roundUp(outputs, 8);
}

export function prepareWinograd(
  filter: number,
  packed: number,
  { filterShape }: Conv2DGeometry,
  rotated: boolean,
): Job {
  const [, , channels, outputs] = filterShape;
  const args = { filter, packed, channels, outputs, rotated: rotated ? 1 : 0 };
  return job("prepareWinograd", Math.ceil((rotated ? channels : outputs) / 8), args, 162 * 16);
}

/** `padding` zeros around the input; the output's shape follows from it. */
export function winograd(
  pointers: ConvolutionPointers,
  inputShape: Shape4D,
  outputShape: Shape4D,
  padding: number,
): Job {
  const { input, output, filter, prologue } = pointers;
  const tiles = inputShape[0] * Math.ceil(outputShape[1] / 4) * Math.ceil(outputShape[2] / 4);
  const blockTiles = between(TILES.least, tiles / TILES.leastBlocks, TILES.most);
  const { chunks, sizes, scratchBytes } = planTiles(
    inputShape,
    outputShape,
    padding,
    blockTiles,
    TILES.most,
  );
  const epilogue = sizes.stripsPerRow === 1 ? pointers.epilogue(chunks) : NO_EPILOGUE;
  // Named one by one: spreads took half a millisecond of each step.
  const args = {
    input,
    output,
    filter,
    height: sizes.height,
    width: sizes.width,
    channels: sizes.channels,
    outputHeight: sizes.outputHeight,
    outputWidth: sizes.outputWidth,
    outputs: sizes.outputs,
    padding,
    stripTiles: sizes.stripTiles,
    stripsPerRow: sizes.stripsPerRow,
    blockStrips: sizes.blockStrips,
    chunkStrips: sizes.chunkStrips,
    strips: sizes.strips,
    prologueKind: prologue.prologueKind,
    prologueOffset: prologue.prologueOffset,
    prologueCoefficients: prologue.prologueCoefficients,
    epilogueKind: epilogue.epilogueKind,
    epilogueSlots: epilogue.epilogueSlots,
    epilogueInput: epilogue.epilogueInput,
    epilogueMask: epilogue.epilogueMask,
    epilogueAddend: epilogue.epilogueAddend,
    epilogueCoefficients: epilogue.epilogueCoefficients,
  };
  return job("convolveWinograd", chunks, args, scratchBytes);
}

/** Each chunk sums into a slot of its own: many cost memory, and time at the end. */
const SUM_CHUNKS = { least: 4, most: 8, bytes: 1 << 22 };
/** A block's sums are added to the slot, so larger blocks than a convolution's save time, as long as they stay in the second-level cache. */
const SUM_TILES = { least: 32, most: 64, bytes: 1 << 20 };

export function planWinogradFilterGradient(
  inputShape: Shape4D,
  outputShape: Shape4D,
  padding: number,
): FilterGradientPlan {
  const [channels, outputs] = [inputShape[3], outputShape[3]];
  const slotBytes = 4 * winogradFilterSize(channels, outputs);
  const { least, most, bytes } = SUM_CHUNKS;
  const chunksWanted = Math.max(least, Math.min(most, Math.floor(bytes / slotBytes)));
  const tileBytes = 144 * (roundUp(channels, 4) + roundUp(outputs, 8));
  const blockTiles = between(SUM_TILES.least, SUM_TILES.bytes / tileBytes, SUM_TILES.most);
  const tiles = planTiles(inputShape, outputShape, padding, blockTiles, blockTiles, chunksWanted);
  const { chunks, sizes, scratchBytes } = tiles;
  return {
    slots: chunks,
    slotBytes,
    sum: (pointers) =>
      job("sumWinogradProducts", chunks, { ...pointers, ...sizes, ...NO_PROLOGUE }, scratchBytes),
    finish: (slots, filterGradient) =>
      job(
        "finishWinogradFilter",
        Math.ceil(channels / 4),
        { slots, filterGradient, slotCount: chunks, channels, outputs },
        45 * 256 + 18 * 16,
      ),
  };
}

interface Tiles {
  readonly chunks: number;
  readonly sizes: Readonly<
    Record<
      | ("height" | "width" | "channels" | "outputHeight" | "outputWidth" | "outputs" | "padding")
      | ("stripTiles" | "stripsPerRow" | "blockStrips" | "chunkStrips" | "strips"),
      number
    >
  >;
  readonly scratchBytes: number;
}

function between(least: number, wanted: number, most: number): number {
  return Math.min(most, Math.max(least, Math.floor(wanted)));
}

/**
 * Cuts the output into tiles, strips, blocks and chunks. The scratch memory is that of blocks of `mostTiles`, so that
 * it does not depend on the batch.
 */
function planTiles(
  [batch, height, width, channels]: Shape4D,
  [, outputHeight, outputWidth, outputs]: Shape4D,
  padding: number,
  blockTiles: number,
  mostTiles: number,
  mostChunks?: number,
): Tiles {
  const wide = roundUp(channels, 4);
  const columns = roundUp(outputs, 8);
  const tilesPerRow = Math.ceil(outputWidth / 4);
  const stripsPerRow = Math.ceil(tilesPerRow / blockTiles);
  const stripTiles = Math.ceil(tilesPerRow / stripsPerRow);
  const blockStrips = Math.max(1, Math.floor(blockTiles / stripTiles));
  const strips = batch * Math.ceil(outputHeight / 4) * stripsPerRow;
  const chunkStrips = itemsPerChunk(strips, blockStrips, mostChunks);

  const capacity = roundUp(mostTiles, 4);
  const strip = 13 * (4 * Math.min(tilesPerRow, mostTiles) + 2) * wide;
  const block = 36 * (capacity * (wide + columns) + 32);
  return {
    chunks: Math.ceil(strips / chunkStrips),
    sizes: {
      height,
      width,
      channels,
      outputHeight,
      outputWidth,
      outputs,
      padding,
      stripTiles,
      stripsPerRow,
      blockStrips,
      chunkStrips,
      strips,
    },
    scratchBytes: 4 * (strip + block + 40 * columns) + productBytes(capacity, wide),
  };
}
