import type { FileDatasetDefinition } from "./define-image-dataset.ts";
import { defineIdxDataset, idxFiles } from "./idx-dataset.ts";
import { httpFilesSource } from "./sources/http-files.ts";
import type { FileOptions } from "./sources/load-files.ts";
import type { DatasetSplits } from "./types.ts";

const classes = [
  "T-shirt/top",
  "trouser",
  "pullover",
  "dress",
  "coat",
  "sandal",
  "shirt",
  "sneaker",
  "bag",
  "ankle boot",
];

function defineFashionMnist(): FileDatasetDefinition {
  return defineIdxDataset(classes, {
    info: {
      name: "fashion-mnist",
      description: "70,000 grey images of 28x28 pixels of clothes in 10 classes",
      shape: [28, 28, 1],
      classes: classes.length,
      trainSize: 60_000,
      testSize: 10_000,
      licence: "MIT",
      citation: "Han Xiao, Kashif Rasul and Roland Vollgraf, Fashion-MNIST, arXiv 1708.07747, 2017",
      homepage: "https://github.com/zalandoresearch/fashion-mnist",
      download: true,
    },
    // As TensorFlow Datasets has them (url_checksums/fashion_mnist.txt).
    manifest: {
      dataset: "fashion-mnist",
      files: [
        {
          name: idxFiles.trainImages,
          bytes: 26_421_880,
          sha256: "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
        },
        {
          name: idxFiles.trainLabels,
          bytes: 29_515,
          sha256: "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
        },
        {
          name: idxFiles.testImages,
          bytes: 4_422_102,
          sha256: "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
        },
        {
          name: idxFiles.testLabels,
          bytes: 5_148,
          sha256: "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
        },
      ],
    },
    sources: [
      httpFilesSource({
        url: "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
      }),
      httpFilesSource({ url: "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/" }),
    ],
    folder: "FashionMNIST/raw",
    normalization: { mean: [0.286], std: [0.353] },
  });
}

export const fashionMnistDefinition: FileDatasetDefinition = /* @__PURE__ */ defineFashionMnist();

/**
 * Fashion-MNIST: 60,000 training and 10,000 test images of 28x28 grey pixels in 10 classes
 * (https://arxiv.org/abs/1708.07747).
 *
 * @param options `directory` has the four `.gz` files, or torchvision's `FashionMNIST/raw` with them
 * @throws ChecksumError or SourceError when `directory` is given and does not hold the data
 * @throws DatasetUnavailableError when no source delivered; lists what was tried
 */
export function fashionMnist(options: FileOptions = {}): Promise<DatasetSplits> {
  return fashionMnistDefinition.load(options);
}
