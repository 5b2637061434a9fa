import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import * as datasets from "@bn-only/datasets";
import { call, type Case, type Cases } from "./case.ts";

const empty = mkdtempSync(join(tmpdir(), "bn-only-walk-"));

/** Two grey images of two classes. */
function tinyImages(): datasets.ImageDataset {
  return datasets.arrays({
    images: Uint8Array.from({ length: 2 * 48 }, (_, i) => i),
    labels: [0, 1],
    shape: [4, 4, 3],
    classes: ["a", "b"],
  });
}

/** A transform on one image. */
function transformCase(
  make: (...args: never[]) => datasets.Transform,
  args: () => readonly unknown[],
  options: Case["options"] = [[0]],
): Case {
  return call(
    (...all: never[]) =>
      first(
        datasets
          .batchSource(tinyImages(), { transforms: [make(...all)] })
          .batches({ epoch: 0, batchSize: 2 }),
      ),
    args,
    { options },
  );
}

function first(batches: Iterable<datasets.Batch>): datasets.Batch | undefined {
  const [batch] = [...batches];
  return batch;
}

/** Fails, since the folder is empty and nothing else is asked. */
function fileCase(load: (options: datasets.LoadOptions) => Promise<unknown>): Case {
  return call(
    load,
    () => [
      {
        directory: empty,
        cacheDirectory: empty,
        offline: true,
        sources: [],
        timeout: 50,
        onProgress: () => undefined,
        signal: new AbortController().signal,
      },
    ],
    { fails: true, options: [[0]] },
  );
}

const info: datasets.DatasetInfo = {
  name: "walked",
  description: "nothing",
  shape: [4, 4, 3],
  classes: 2,
  trainSize: 2,
  testSize: 2,
  licence: "none",
  download: false,
};

const sha256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

async function loadFrom(source: datasets.Source): Promise<unknown> {
  return source.load({
    manifest: { dataset: "walked", files: [{ name: "a", bytes: 0, sha256 }] },
    timeout: 50,
    signal: new AbortController().signal,
    report: () => undefined,
  });
}

export const datasetsCases: Cases = {
  arrays: call(
    datasets.arrays,
    () => [
      {
        images: new Uint8Array(2 * 48),
        labels: [0, 1],
        shape: [4, 4, 3],
        classes: ["a", "b"],
        name: "mine",
        normalization: { mean: [0, 0, 0], std: [1, 1, 1] },
      },
    ],
    { options: [[0]] },
  ),
  batchSource: [
    call(
      (dataset: datasets.ImageDataset, options: datasets.BatchSourceOptions) =>
        first(datasets.batchSource(dataset, options).batches({ epoch: 0, batchSize: 2 })),
      () => [
        tinyImages(),
        {
          normalization: { mean: [0, 0, 0], std: [1, 1, 1] },
          transforms: [datasets.horizontalFlip()],
          augment: false,
          shuffle: true,
          seed: 0,
          threads: 0,
          signal: new AbortController().signal,
        },
      ],
      { options: [[1]] },
    ),
    call(
      (options: datasets.BatchOptions) =>
        first(datasets.batchSource(tinyImages()).batches(options)),
      () => [{ epoch: 0, batchSize: 2, startStep: 0 }],
      { name: "batches", options: [[0]] },
    ),
  ],
  cifar10: fileCase(datasets.cifar10),
  cifar100: fileCase(datasets.cifar100),
  mnist: fileCase(datasets.mnist),
  fashionMnist: fileCase(datasets.fashionMnist),
  cifar10Mirror: call(
    (options: datasets.Cifar10MirrorOptions) => loadFrom(datasets.cifar10Mirror(options)),
    () => [{ url: "http://127.0.0.1:9/", name: "here" }],
    { fails: true, options: [[0]] },
  ),
  defineImageDataset: call(
    (recipe: datasets.ImageDatasetRecipe) =>
      datasets.defineImageDataset(recipe).load({ directory: empty }),
    () => [
      {
        info,
        manifest: { dataset: "walked", files: [{ name: "a", bytes: 0, sha256 }] },
        sources: [{ name: "mine", network: false, load: async () => new Map() }],
        parse: () => ({
          classes: ["a", "b"],
          train: { images: new Uint8Array(2 * 48), labels: new Uint8Array(2) },
          test: { images: new Uint8Array(2 * 48), labels: new Uint8Array(2) },
        }),
        normalization: { mean: [0, 0, 0], std: [1, 1, 1] },
        folder: "inside",
      },
    ],
    { fails: true },
  ),
  gunzip: call(datasets.gunzip, () => [gzipSync("abc"), "file.gz"] as never),
  parseIdx: call(datasets.parseIdx, () => [Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 1, 7), "file", 1]),
  readTarGzip: call(datasets.readTarGzip, () => [
    new Uint8Array(gzipSync(new Uint8Array(1024))),
    "file.tar.gz",
    new Map(),
  ]),
  imageFolder: call(
    datasets.imageFolder,
    () => [
      empty,
      {
        size: 4,
        channels: 3,
        testShare: 0.5,
        seed: 0,
        normalization: { mean: [0, 0, 0], std: [1, 1, 1] },
      },
    ],
    { fails: true, options: [[1]] },
  ),
  measureNormalization: call(datasets.measureNormalization, () => [tinyImages()]),
  readImages: call(
    datasets.readImages,
    () => [
      {
        name: "mine",
        files: [join(empty, "none.png")],
        labels: Uint8Array.of(0),
        shape: [4, 4, 3],
        classes: ["a"],
        fitted: false,
      },
    ],
    { fails: true },
  ),
  labelArray: call(datasets.labelArray, () => [3, 10]),
  listDatasets: call(
    datasets.listDatasets,
    () => [
      { datasets: [{ info, load: async () => ({ train: tinyImages(), test: tinyImages() }) }] },
    ],
    { options: [[0]] },
  ),
  loadDataset: [
    call(
      datasets.loadDataset,
      () => [
        "synthetic",
        { trainSize: 2, testSize: 2, shape: [4, 4, 3], classes: 2, seed: 0, datasets: [] },
      ],
      { options: [[1]] },
    ),
    fileCase((options) => datasets.loadDataset("cifar10", options)),
  ],
  httpSource: call(
    (options: datasets.HttpSourceOptions) => loadFrom(datasets.httpSource(options)),
    () => [
      {
        name: "here",
        url: "http://127.0.0.1:9/",
        expected: { bytes: 0, sha256 },
        read: async () => new Map(),
      },
    ],
    { fails: true, options: [[0]] },
  ),
  httpFilesSource: call(
    (options: datasets.HttpFilesSourceOptions) => loadFrom(datasets.httpFilesSource(options)),
    () => [{ name: "here", url: "http://127.0.0.1:9/" }],
    { fails: true, options: [[0]] },
  ),
  subset: call(datasets.subset, () => [tinyImages(), 1]),
  synthetic: call(
    datasets.synthetic,
    () => [{ trainSize: 2, testSize: 2, shape: [4, 4, 3], classes: 2, seed: 0 }],
    { options: [[0]] },
  ),
  centerCrop: transformCase(datasets.centerCrop, () => [{ size: [2, 2] }]),
  cropWithPadding: transformCase(datasets.cropWithPadding, () => [{ padding: 1 }]),
  horizontalFlip: transformCase(datasets.horizontalFlip, () => [], []),
  randomResizedCrop: transformCase(datasets.randomResizedCrop, () => [
    { size: 2, scale: [0.1, 1], ratio: [0.75, 1.25] },
  ]),
  resize: transformCase(datasets.resize, () => [{ size: 3 } as datasets.ResizeOptions]),
};
