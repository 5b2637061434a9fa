import { expect, test } from "vitest";
import { DatasetError, NoSuchDatasetError } from "../src/errors.ts";
import { listDatasets, loadDataset } from "../src/registry.ts";

test("listDatasets: names, sizes and terms", () => {
  const list = listDatasets();
  expect(list.map(({ name }) => name)).toEqual(["cifar10", "synthetic"]);
  expect(list[0]).toMatchObject({ trainSize: 50_000, testSize: 10_000, classes: 10 });
});

test("loadDataset: passes the options on", async () => {
  const { train } = await loadDataset("synthetic", { trainSize: 6, classes: 2 });
  expect([...train.labels]).toEqual([0, 1, 0, 1, 0, 1]);
});

test("loadDataset: an unknown name suggests the nearest one", async () => {
  await expect(loadDataset("cifar-10")).rejects.toThrow(
    'dataset: "cifar-10" does not exist; did you mean "cifar10"? Known: cifar10, synthetic.',
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
