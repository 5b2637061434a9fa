import { checkInteger } from "./check.ts";
import { checkDataset, checkFiles, checkIsDataset } from "./check-dataset.ts";
import type { AnyImageDataset, ImageFileDataset } from "./types.ts";

/**
 * `count` images of a data set; all of them when it has fewer. Of images in memory the first, without
 * copying; of files, which lie class by class, some from all over the list.
 *
 * @throws OptionError when `count` is not a positive integer
 */
export function subset<Dataset extends AnyImageDataset>(dataset: Dataset, count: number): Dataset {
  checkInteger("count", count, 1);
  checkIsDataset(dataset);
  if ("files" in dataset) {
    checkFiles(dataset);
    return { ...dataset, ...spread(dataset, count) };
  }
  checkDataset(dataset);
  const labels = dataset.labels.subarray(0, count);
  const [height, width, channels] = dataset.shape;
  const images = dataset.images.subarray(0, count * height * width * channels);
  return { ...dataset, labels, images };
}

function spread(
  { files, labels }: ImageFileDataset,
  count: number,
): Pick<ImageFileDataset, "files" | "labels"> {
  const taken = Math.min(count, files.length);
  const positions = Int32Array.from({ length: taken }, (_, i) =>
    Math.floor((i * files.length) / taken),
  );
  return {
    files: Array.from(positions, (position) => files[position]!),
    labels: labels.slice(0, taken).map((_, i) => labels[positions[i]!]!),
  };
}
