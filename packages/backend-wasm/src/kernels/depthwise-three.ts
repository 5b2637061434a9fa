import type { Conv2DGeometry } from "@bn-only/frozen-layers";
import { type FilterGradientPlan, itemsPerChunk, type Job, job, type Shape4D } from "./plan.ts";

// Host side of assembly/depthwise-three.ts.

/** At the first row of a chunk nothing is in the cache yet. */
const LEAST_ROWS = 4;
/** Each chunk of a filter gradient sums into a slot of its own, so their number costs memory. */
export const SLOTS = 16;
/** Four zeros, and a number that is not used. */
const ZEROS_BYTES = 32;

/** Three by three taps that leave size and number of channels as they are, of whole vectors. */
export function takesThreeByThree({
  filterShape: [height, width, , outputs],
  stride,
  padding,
  groups,
}: Conv2DGeometry): boolean {
  return (
    height === 3 &&
    width === 3 &&
    stride === 1 &&
    padding === 1 &&
    outputs === groups &&
    groups % 4 === 0
  );
}

/** Forward, or backward with rotated taps. */
export function threeByThree(
  pointers: { readonly read: number; readonly written: number; readonly filter: number },
  [batch, height, width, channels]: Shape4D,
): Job {
  const rows = batch * height;
  const chunkRows = itemsPerChunk(rows, LEAST_ROWS);
  return job(
    "convolveThreeByThree",
    Math.ceil(rows / chunkRows),
    { ...pointers, rows, height, width, channels, chunkRows },
    ZEROS_BYTES + 16 * width,
  );
}

export function planThreeByThreeFilterGradient([
  batch,
  height,
  width,
  channels,
]: Shape4D): FilterGradientPlan {
  const rows = batch * height;
  const chunkRows = itemsPerChunk(rows, LEAST_ROWS, SLOTS);
  const slots = Math.ceil(rows / chunkRows);
  const slotBytes = 36 * channels;
  return {
    slots,
    slotBytes,
    sum: (pointers) =>
      job(
        "threeByThreeFilterGradient",
        slots,
        { ...pointers, rows, height, width, channels, chunkRows },
        32 * width,
      ),
    finish: finishDepthwise({ slotCount: slots, slotBytes, taps: 9, outputs: channels }),
  };
}

/** The job behind any depthwise filter gradient, which adds up its slots. */
export function finishDepthwise(
  sizes: Readonly<Record<"slotCount" | "slotBytes" | "taps" | "outputs", number>>,
): FilterGradientPlan["finish"] {
  return (slots, filterGradient) =>
    job("depthwiseFilterFinish", sizes.taps, { slots, filterGradient, ...sizes });
}
