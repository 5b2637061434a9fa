import { checkDataset } from "../check-dataset.ts";
import { OptionError } from "../errors.ts";
import type { ImageDataset, Normalization } from "../types.ts";

/**
 * Mean and standard deviation of a data set's own pixels, per channel, to normalise with:
 * `mean[c] = sum(v) / 255 n`, `std[c] = sqrt(sum(v^2) / n - (sum(v) / n)^2) / 255` over its `n` values of that channel.
 *
 * Measure the training images, and normalise those for testing with the same constants. The sums are exact.
 *
 * @throws OptionError when images and shape do not fit, are on disk (`readImages` first), or a channel has one value everywhere
 */
export function measureNormalization(dataset: ImageDataset): Normalization {
  if (typeof dataset === "object" && dataset !== null && "files" in dataset) {
    throw new OptionError(
      "dataset",
      `measureNormalization: expected images in memory, got files. Pass await readImages(subset(data.train, 1000)).`,
    );
  }
  checkDataset(dataset);
  const { name, images, shape } = dataset;
  const channels = shape[2];
  const histogram = new Float64Array(256 * channels);
  for (let i = 0; i < images.length; i += channels) {
    for (let c = 0; c < channels; c++) histogram[c * 256 + images[i + c]!]!++;
  }
  const count = images.length / channels;
  const [mean, std]: [number[], number[]] = [[], []];
  for (let c = 0; c < channels; c++) {
    const numbers = histogram.subarray(c * 256, (c + 1) * 256);
    const sum = numbers.reduce((total, number, value) => total + number * value, 0);
    const squares = numbers.reduce((total, number, value) => total + number * value * value, 0);
    const average = sum / count;
    const deviation = Math.sqrt(Math.max(0, squares / count - average * average));
    if (numbers.includes(count)) {
      throw new OptionError(
        "dataset",
        `${name}: channel ${c} is ${average} in every pixel, so it has no deviation to divide by. Leave the channel out, or pass constants.`,
      );
    }
    mean.push(average / 255);
    std.push(deviation / 255);
  }
  return { mean, std };
}
