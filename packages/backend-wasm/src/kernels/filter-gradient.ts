import type { Conv2DGeometry } from "@bn-only/frozen-layers";
import {
  type FilterGradientPlan,
  itemsPerChunk,
  job,
  NO_PROLOGUE,
  roundUp,
  type Shape4D,
} from "./plan.ts";

// Host side of assembly/filter-gradient.ts.

/** Each chunk sums into a slot of its own, so their number costs memory. */
const CHUNKS = 16;
const SLOTS_BYTES = 1 << 26;
/** Panels of so many pixels stay in the first-level cache. */
const BAND_PIXELS = 256;
/** Panels of taps, which stay in the second-level cache. */
const TAP_PANELS = 32;

export function planFilterGradient(
  [batch, height, width, channels]: Shape4D,
  [, outputHeight, outputWidth, outputs]: Shape4D,
  { filterShape, stride, padding, groups }: Conv2DGeometry,
): FilterGradientPlan {
  const [kernelHeight, kernelWidth, channelsPerGroup] = filterShape;
  const [tapColumns, run] =
    groups === 1 ? [1, kernelWidth * channels] : [kernelWidth, channelsPerGroup];
  const taps = kernelHeight * tapColumns * roundUp(run, 4);
  const filterRow = 4 * roundUp(outputs / groups, 8);
  const slotBytes = groups * taps * filterRow;
  const most = Math.max(1, Math.min(CHUNKS, Math.floor(SLOTS_BYTES / slotBytes)));
  const chunkImages = Math.max(1, Math.ceil(batch / most));
  const chunks = Math.ceil(batch / chunkImages);

  const channelTaps = kernelHeight * kernelWidth * channelsPerGroup;
  const chunkTaps = itemsPerChunk(channelTaps);

  const bandRows = Math.min(outputHeight, Math.max(1, Math.floor(BAND_PIXELS / outputWidth)));
  const mostImages = Math.max(1, Math.floor(BAND_PIXELS / (outputHeight * outputWidth)));
  const bandPixels = mostImages * bandRows * outputWidth;
  const columns = (outputWidth - 1) * stride + kernelWidth;
  const stripBytes = 4 * ((bandRows - 1) * stride + kernelHeight) * columns * channels;
  const tapPanels = Math.min(TAP_PANELS, Math.ceil(run / 4));
  const listBytes = 4 * (roundUp(bandPixels, 4) + taps);
  const panelBytes = bandPixels * (16 * tapPanels + filterRow);
  return {
    slots: chunks,
    slotBytes,
    sum: (pointers) =>
      job(
        "convolveFilterGradient",
        chunks,
        {
          ...pointers,
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
          bandImages: Math.min(chunkImages, mostImages),
          bandRows,
          chunkImages,
          images: batch,
          bandPixels,
          stripBytes,
          tapPanels,
          slotBytes,
          ...NO_PROLOGUE,
        },
        listBytes + panelBytes + mostImages * stripBytes + 16,
      ),
    finish: (slots, filterGradient) =>
      job("filterGradientFinish", Math.ceil(channelTaps / chunkTaps), {
        slots,
        filterGradient,
        slotCount: chunks,
        slotBytes,
        height: kernelHeight,
        width: kernelWidth,
        channels: channelsPerGroup,
        outputs,
        groups,
        chunkTaps,
      }),
  };
}
