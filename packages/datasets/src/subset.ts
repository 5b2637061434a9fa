import { checkInteger } from "./check.ts";
import { checkDataset, checkFiles, checkIsDataset } from "./check-dataset.ts";
import type { AnyImageDataset } from "./types.ts";

/**
 * The first `count` images of a data set, without copying; all of them when it has fewer.
 *
 * @throws OptionError when `count` is not a positive integer
 */
export function subset<Dataset extends AnyImageDataset>(dataset: Dataset, count: number): Dataset {
  checkInteger("count", count, 1);
  checkIsDataset(dataset);
  if ("files" in dataset) checkFiles(dataset);
  else checkDataset(dataset);
  const labels = dataset.labels.subarray(0, count);
  if ("files" in dataset) return { ...dataset, labels, files: dataset.files.slice(0, count) };
  const [height, width, channels] = dataset.shape;
  const images = dataset.images.subarray(0, count * height * width * channels);
  return { ...dataset, labels, images };
}
