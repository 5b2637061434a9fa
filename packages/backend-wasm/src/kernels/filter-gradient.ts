import type { Conv2DGeometry } from "@bn-only/frozen-layers";
import { type FilterGradientPlan, job, NO_PROLOGUE, roundUp, type Shape4D } from "./plan.ts";

// Host side of assembly/filter-gradient.ts.

/** Each chunk sums into a slot of its own, so their number costs memory. */
const CHUNKS = 16;
const SLOTS_BYTES = 1 << 26;
/** A band's pixels should be few enough for the first-level cache, many enough to fill a loop. */
const BAND_PIXELS = 128;

export function planFilterGradient(
  [batch, height, width, channels]: Shape4D,
  [, outputHeight, outputWidth, outputs]: Shape4D,
  { filterShape, stride, padding, groups }: Conv2DGeometry,
): FilterGradientPlan {
  const [kernelHeight, kernelWidth, channelsPerGroup] = filterShape;
  const [tapColumns, run] =
    groups === 1 ? [1, kernelWidth * channels] : [kernelWidth, channelsPerGroup];
  const blocks = groups * Math.ceil(outputs / groups / 8);
  const slotBytes = 32 * blocks * kernelHeight * tapColumns * roundUp(run, 4);
  const most = Math.max(1, Math.min(CHUNKS, Math.floor(SLOTS_BYTES / slotBytes)));
  const chunkImages = Math.ceil(batch / most);
  const chunks = Math.ceil(batch / chunkImages);

  const bandRows = Math.min(outputHeight, Math.max(1, Math.floor(BAND_PIXELS / outputWidth)));
  const columns = (outputWidth - 1) * stride + kernelWidth;
  const stripBytes = 4 * ((bandRows - 1) * stride + kernelHeight) * columns * channels;
  const gradientBytes = 4 * bandRows * outputWidth * outputs;
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
          bandRows,
          chunkImages,
          images: batch,
          slotBytes,
          ...NO_PROLOGUE,
        },
        roundUp(gradientBytes, 16) + stripBytes + 128,
      ),
    finish: (slots, filterGradient) =>
      job("filterGradientFinish", kernelHeight, {
        slots,
        filterGradient,
        slotCount: chunks,
        slotBytes,
        height: kernelHeight,
        width: kernelWidth,
        channels: channelsPerGroup,
        outputs,
        groups,
      }),
  };
}
