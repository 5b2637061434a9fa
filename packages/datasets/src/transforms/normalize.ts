import { show } from "@bn-only/errors";
import { checkThat } from "../check.ts";
import { OptionError } from "../errors.ts";
import type { Normalization } from "../types.ts";

/**
 * ImageNet's constants: the default for colour images, CIFAR-10's too, because the code of "Training
 * BatchNorm and Only BatchNorm" (https://arxiv.org/abs/2003.00152) normalises CIFAR-10 with them.
 */
export const imagenetNormalization: Normalization = {
  mean: [0.485, 0.456, 0.406],
  std: [0.229, 0.224, 0.225],
};

/** Mean and standard deviation of CIFAR-10's own training pixels. */
export const cifar10Normalization: Normalization = {
  mean: [0.4914, 0.4822, 0.4465],
  std: [0.247, 0.2435, 0.2616],
};

/** The default for grey images: the means over the channels of `imagenetNormalization`. */
export const greyNormalization: Normalization = { mean: [0.449], std: [0.226] };

/** What images are normalised with when neither the caller nor the data set says: by channels. */
export function defaultNormalization(channels: number): Normalization {
  return channels === 1 ? greyNormalization : imagenetNormalization;
}

const largest = 1e18;

/**
 * The 256 normalised values of every channel: `table[c * 256 + v] = (v / 255 - mean[c]) / std[c]`,
 * computed in float64 and rounded once to float32.
 *
 * @throws OptionError when the constants do not fit the number of channels or a `std` is not positive
 */
export function normalizationTable(normalization: Normalization, channels: number): Float32Array {
  const { mean, std } = Object(normalization) as Normalization;
  const lists = [mean, std].every((list) => Array.isArray(list) || ArrayBuffer.isView(list));
  checkThat(lists, "normalization", "{ mean, std }, a number per channel each", normalization);
  if (mean.length !== channels || std.length !== channels) {
    throw new OptionError(
      "normalization",
      `normalization: expected ${channels} means and standard deviations, one per channel, ` +
        `got ${mean.length} and ${std.length}. Pass constants that fit the images.`,
    );
  }
  const table = new Float32Array(channels * 256);
  for (let c = 0; c < channels; c++) {
    const finite = Number.isFinite(mean[c]) && Number.isFinite(std[c]);
    // The table holds float32.
    if (!finite || Math.abs(mean[c]!) > largest || std[c]! < 1 / largest) {
      throw new OptionError(
        "normalization",
        `normalization: expected finite means and positive standard deviations, ` +
          `got mean ${show(mean[c])} and std ${show(std[c])} for channel ${c}.`,
      );
    }
    for (let value = 0; value < 256; value++) {
      table[c * 256 + value] = (value / 255 - mean[c]!) / std[c]!;
    }
  }
  return table;
}

/**
 * Normalises interleaved pixels: `target[offset + i] = table[(i mod channels) * 256 + pixels[i]]`.
 *
 * @param table of `normalizationTable`
 */
export function normalizePixels(
  pixels: Uint8Array,
  table: Float32Array,
  target: Float32Array,
  offset: number,
): void {
  const channels = table.length / 256;
  if (channels === 3) {
    for (let i = 0; i < pixels.length; i += 3) {
      target[offset + i] = table[pixels[i]!]!;
      target[offset + i + 1] = table[256 + pixels[i + 1]!]!;
      target[offset + i + 2] = table[512 + pixels[i + 2]!]!;
    }
    return;
  }
  for (let i = 0; i < pixels.length; i += channels) {
    for (let c = 0; c < channels; c++) {
      target[offset + i + c] = table[c * 256 + pixels[i + c]!]!;
    }
  }
}
