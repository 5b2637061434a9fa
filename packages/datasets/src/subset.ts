import { checkInteger } from "./check.ts";
import type { ImageDataset } from "./types.ts";

/**
 * The first `count` images of a data set, without copying; all of them when it has fewer.
 *
 * @throws OptionError when `count` is not a positive integer
 */
export function subset(dataset: ImageDataset, count: number): ImageDataset {
  checkInteger("count", count, 1);
  const [height, width, channels] = dataset.shape;
  return {
    ...dataset,
    images: dataset.images.subarray(0, count * height * width * channels),
    labels: dataset.labels.subarray(0, count),
  };
}
