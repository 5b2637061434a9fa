import type { FileDatasetDefinition } from "./define-image-dataset.ts";
import { defineIdxDataset, idxFiles } from "./idx-dataset.ts";
import { httpFilesSource } from "./sources/http-files.ts";
import type { FileOptions } from "./sources/load-files.ts";
import type { Manifest } from "./sources/source.ts";
import type { DatasetSplits } from "./types.ts";

/**
 * Lengths and SHA-256 as TensorFlow Datasets has them
 * (https://github.com/tensorflow/datasets, url_checksums/mnist.txt).
 */
const mnistManifest: Manifest = {
  dataset: "mnist",
  files: [
    {
      name: idxFiles.trainImages,
      bytes: 9_912_422,
      sha256: "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
    },
    {
      name: idxFiles.trainLabels,
      bytes: 28_881,
      sha256: "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
    },
    {
      name: idxFiles.testImages,
      bytes: 1_648_877,
      sha256: "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
    },
    {
      name: idxFiles.testLabels,
      bytes: 4_542,
      sha256: "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
    },
  ],
};

/** MNIST with another manifest. */
export function defineMnist(manifest: Manifest): FileDatasetDefinition {
  return defineIdxDataset(["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"], {
    info: {
      name: "mnist",
      description: "70,000 grey images of 28x28 pixels of handwritten digits",
      shape: [28, 28, 1],
      classes: 10,
      trainSize: 60_000,
      testSize: 10_000,
      licence: "none with the files; often given as CC BY-SA 3.0",
      citation:
        "Yann LeCun, Corinna Cortes and Christopher Burges, The MNIST database of handwritten digits",
      homepage: "http://yann.lecun.com/exdb/mnist/",
      download: true,
    },
    manifest,
    sources: [
      httpFilesSource({ url: "https://ossci-datasets.s3.amazonaws.com/mnist/" }),
      httpFilesSource({ url: "https://storage.googleapis.com/cvdf-datasets/mnist/" }),
    ],
    folder: "MNIST/raw",
    normalization: { mean: [0.1307], std: [0.3081] },
  });
}

export const mnistDefinition: FileDatasetDefinition = /* @__PURE__ */ defineMnist(mnistManifest);

/**
 * MNIST: 60,000 training and 10,000 test images of 28x28 grey pixels in 10 classes.
 *
 * @param options `directory` has the four `.gz` files, or torchvision's `MNIST/raw` with them
 * @throws ChecksumError or SourceError when `directory` is given and does not hold the data
 * @throws DatasetUnavailableError when no source delivered; lists what was tried
 */
export function mnist(options: FileOptions = {}): Promise<DatasetSplits> {
  return mnistDefinition.load(options);
}
