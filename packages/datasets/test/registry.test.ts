import { expect, test } from "vitest";
import { batchSource } from "../src/batches/batch-source.ts";
import type { ImageDatasetDefinition } from "../src/definition.ts";
import { imageFolder } from "../src/image-folder/image-folder.ts";
import type { ImageFileDataset } from "../src/types.ts";
import { folderOf, twoClasses } from "./image-folder/folder.ts";
import { DatasetError, NoSuchDatasetError, OptionError } from "../src/errors.ts";
import { listDatasets, loadDataset, type LoadDatasetOptions } from "../src/registry.ts";
import { synthetic } from "../src/synthetic.ts";

test("listDatasets: names, sizes and terms", () => {
  const list = listDatasets();
  expect(list.map(({ name }) => name)).toEqual([
    "cifar10",
    "cifar100",
    "mnist",
    "fashion-mnist",
    "synthetic",
  ]);
  expect(list[0]).toMatchObject({ trainSize: 50_000, testSize: 10_000, classes: 10 });
});

test("loadDataset: passes the options on", async () => {
  const { train } = await loadDataset("synthetic", { trainSize: 6, classes: 2 });
  expect([...train.labels]).toEqual([0, 1, 0, 1, 0, 1]);
});

test("loadDataset: a data set of others may stay on disk", async () => {
  const path = await folderOf(twoClasses(2));
  const photos: ImageDatasetDefinition<ImageFileDataset> = {
    info: { ...listDatasets()[0]!, name: "photos", shape: [6, 8, 3], classes: 2 },
    load: () => imageFolder(path),
  };
  const { train } = await loadDataset("photos", { datasets: [photos] });
  expect(batchSource(train)).toMatchObject({ size: 2, inputShape: [6, 8, 3], classes: 2 });
  expect("files" in train).toBe(true);
});

const { train: good } = synthetic({ trainSize: 4, testSize: 1, shape: [4, 4, 1], classes: 2 });

/** Loads a data set of 4x4x1 and 2 classes, as its info says, that gives this. */
const loadMine = (splits: unknown, asked: LoadDatasetOptions = {}) => {
  const info = { ...listDatasets()[0]!, name: "mine", shape: [4, 4, 1], classes: 2 } as const;
  const mine = { info, load: async () => splits } as ImageDatasetDefinition;
  return loadDataset("mine", { ...asked, datasets: [mine] });
};

test.each([
  ["nothing", undefined, "mine: load: expected { train, test }, each with labels in a typed array"],
  ["empty splits", { train: {}, test: {} }, "mine: load: expected { train, test }, each with"],
  ["one split", { train: good }, "mine: load: expected { train, test }"],
  [
    "a list of labels",
    { train: { ...good, labels: [0, 1, 0, 1] }, test: good },
    "mine: load: expected { train, test }, each with labels in a typed array",
  ],
  [
    "too few pixels",
    { train: good, test: { ...good, images: new Uint8Array(3) } },
    "mine: test: synthetic: expected 64 pixel values for 4 images of [4, 4, 1], got 3.",
  ],
  [
    "another shape",
    { train: good, test: { ...good, shape: [2, 8, 1] } },
    "mine: test: shape: expected [4, 4, 1] as its info says, got [2, 8, 1].",
  ],
  [
    "more classes",
    { train: { ...good, classes: ["a", "b", "c"] }, test: good },
    "mine: train: number of classes: expected 2 as its info says, got 3.",
  ],
])("loadDataset: a data set of others that gives %s is refused", async (_, splits, message) => {
  await expect(loadMine(splits)).rejects.toThrow(message);
  await expect(loadMine(splits)).rejects.toBeInstanceOf(OptionError);
});

test("loadDataset: a data set of others may follow the shape and classes asked for, or its info", async () => {
  const splits = synthetic({ trainSize: 3, testSize: 3, shape: [5, 5, 3], classes: 3 });
  const asked = { shape: [5, 5, 3], classes: 3 } as const;
  expect(await loadMine(splits, asked)).toBe(splits);
  expect((await loadMine({ train: good, test: good }, asked)).train).toBe(good);
});

test("loadDataset: an unknown name suggests the nearest one", async () => {
  await expect(loadDataset("cifar-10")).rejects.toThrow(
    'dataset: "cifar-10" does not exist; did you mean "cifar10"? ' +
      "Known: cifar10, cifar100, mnist, fashion-mnist, synthetic.",
  );
});

test.each(["__proto__", "constructor", "toString", ""])(
  "loadDataset: %j is no data set",
  async (name) => {
    await expect(loadDataset(name)).rejects.toBeInstanceOf(NoSuchDatasetError);
  },
);

test("DatasetError: isInstance recognises an error of another copy of the package", () => {
  class OfAnotherCopy extends Error {
    static readonly marker = Symbol.for("bn-only.datasets.DatasetError");
  }
  expect(DatasetError.isInstance(new OfAnotherCopy("x"))).toBe(true);
  expect(DatasetError.isInstance(new Error("x"))).toBe(false);
  expect(DatasetError.isInstance(null)).toBe(false);
});
