import { expect, test } from "vitest";
import { batchSource } from "../src/batches/batch-source.ts";
import type { ImageDatasetDefinition } from "../src/definition.ts";
import { imageFolder } from "../src/image-folder/image-folder.ts";
import type { ImageFileDataset } from "../src/types.ts";
import { folderOf, twoClasses } from "./image-folder/folder.ts";
import { DatasetError, NoSuchDatasetError } from "../src/errors.ts";
import { listDatasets, loadDataset } from "../src/registry.ts";

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
    info: { ...listDatasets()[0]!, name: "photos" },
    load: () => imageFolder(path),
  };
  const { train } = await loadDataset("photos", { datasets: [photos] });
  expect(batchSource(train)).toMatchObject({ size: 2, inputShape: [6, 8, 3], classes: 2 });
  expect("files" in train).toBe(true);
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
