import type { Conv2DGeometry } from "@bn-only/frozen-layers";
import {
  type ConvolutionJob,
  type ConvolutionPointers,
  itemsPerChunk,
  type Job,
  roundUp,
  type Shape4D,
} from "./plan.ts";

// Host side of assembly/winograd.ts.

/** Transformed inputs and outputs of a block, which should stay in the second-level cache. */
const BLOCK_BYTES = 1 << 20;

export function takesWinograd({ filterShape, stride, groups }: Conv2DGeometry): boolean {
  return filterShape[0] === 3 && filterShape[1] === 3 && stride === 1 && groups === 1;
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
  return {
    kernel: "prepareWinograd",
    chunks: Math.ceil((rotated ? channels : outputs) / 8),
    args: [filter, packed, channels, outputs, rotated ? 1 : 0],
    scratchBytes: 18 * 8,
  };
}

/** `padding` zeros around the input; the output's shape follows from it. */
export function winograd(
  pointers: ConvolutionPointers,
  [batch, height, width, channels]: Shape4D,
  [, outputHeight, outputWidth, outputs]: Shape4D,
  padding: number,
): ConvolutionJob {
  const wide = roundUp(channels, 4);
  const columns = roundUp(outputs, 8);
  const tilesPerRow = Math.ceil(outputWidth / 4);
  const blockTiles = Math.min(32, Math.max(16, BLOCK_BYTES / (144 * (wide + columns))));
  const stripsPerRow = Math.ceil(tilesPerRow / blockTiles);
  const stripTiles = Math.ceil(tilesPerRow / stripsPerRow);
  const blockStrips = Math.max(1, Math.floor(blockTiles / stripTiles));
  const strips = batch * Math.ceil(outputHeight / 4) * stripsPerRow;
  const chunkStrips = itemsPerChunk(strips, blockStrips);

  const capacity = roundUp(blockStrips * stripTiles, 4);
  const strip = 13 * (4 * stripTiles + 2) * wide;
  const block = 36 * (capacity * (wide + columns) + 32);
  return {
    kernel: "convolveWinograd",
    chunks: Math.ceil(strips / chunkStrips),
    args: [
      pointers.input,
      pointers.output,
      pointers.filter,
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
      ...pointers.prologue,
    ],
    givesStatistics: stripsPerRow === 1,
    scratchBytes: 4 * (strip + block + 40 * columns),
  };
}
