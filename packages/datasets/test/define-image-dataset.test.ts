import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { defineImageDataset } from "../src/define-image-dataset.ts";
import type { ImageDatasetRecipe, ParsedFiles } from "../src/define-image-dataset.ts";
import type { DatasetInfo } from "../src/definition.ts";
import { listDatasets, loadDataset } from "../src/registry.ts";
import type { Source } from "../src/sources/source.ts";
import { manifestOf, recorder, temporaryFolder } from "./fixtures.ts";

// Three training images and one test image of 1x2 grey pixels, one line of bytes each: label, pixels.
const bytes = Uint8Array.from([0, 1, 2, 299, 3, 4, 1, 5, 6, 0, 7, 8]);
const files = new Map([["lines.bin", bytes]]);
const info: DatasetInfo = {
  name: "lines",
  description: "four images",
  shape: [1, 2, 1],
  classes: 2,
  trainSize: 3,
  testSize: 1,
  licence: "MIT",
  download: true,
};
const parsed: ParsedFiles = {
  classes: ["a", "b"],
  train: { images: Uint8Array.from([1, 2, 3, 4, 5, 6]), labels: Uint8Array.from([0, 1, 1]) },
  test: { images: Uint8Array.from([7, 8]), labels: Uint8Array.from([0]) },
};
const server: Source = { name: "a server", network: true, load: async () => files };
const recipe: ImageDatasetRecipe = {
  info,
  manifest: { ...manifestOf(files), dataset: "lines" },
  sources: [server],
  parse: () => parsed,
  normalization: { mean: [0.5], std: [0.5] },
};

let cacheDirectory: string;
beforeEach(async () => {
  vi.stubEnv("BN_ONLY_DATA", undefined);
  vi.stubEnv("BN_ONLY_OFFLINE", undefined);
  cacheDirectory = await temporaryFolder();
});
afterEach(() => {
  vi.unstubAllEnvs();
});

describe("defineImageDataset", () => {
  test("loads by name beside the data sets of the package", async () => {
    const { events, onProgress } = recorder();
    const datasets = [defineImageDataset(recipe)];
    const { train, test: held } = await loadDataset("lines", {
      datasets,
      cacheDirectory,
      onProgress,
    });
    expect(train).toEqual({
      name: "lines",
      shape: [1, 2, 1],
      normalization: { mean: [0.5], std: [0.5] },
      classes: ["a", "b"],
      ...parsed.train,
    });
    expect(held.images).toEqual(Uint8Array.from([7, 8]));
    expect(events.at(-1)!.message).toMatch(
      /^lines: 3 training and 1 test images from a server in \d+\.\d s$/,
    );
    expect(listDatasets({ datasets }).map(({ name }) => name)).toContain("lines");
    expect(listDatasets().map(({ name }) => name)).not.toContain("lines");
  });

  test("the parser sees verified bytes; the second load comes from the cache", async () => {
    const parse = vi.fn(recipe.parse);
    const definition = defineImageDataset({ ...recipe, parse });
    await definition.load({ cacheDirectory });
    expect(await readdir(join(cacheDirectory, "lines"))).toEqual(["lines.bin"]);
    await definition.load({ cacheDirectory, sources: [] });
    expect(parse).toHaveBeenCalledTimes(2);
    expect(parse.mock.lastCall![0].get("lines.bin")).toEqual(Buffer.from(bytes));
    const liar: Source = { ...server, load: async () => new Map([["lines.bin", bytes.slice(1)]]) };
    const other = await temporaryFolder();
    await expect(definition.load({ cacheDirectory: other, sources: [liar] })).rejects.toThrow(
      "The file is truncated; none of it was used.",
    );
    expect(parse).toHaveBeenCalledTimes(2);
  });

  test("what a source has on this machine is not cached", async () => {
    const definition = defineImageDataset({ ...recipe, sources: [{ ...server, network: false }] });
    await definition.load({ cacheDirectory, offline: true });
    expect(await readdir(cacheDirectory)).toEqual([]);
  });

  test("reads a local folder, and a folder inside it", async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, "lines.bin"), bytes);
    const options = { directory: folder, sources: [] };
    expect((await defineImageDataset(recipe).load(options)).train.labels).toHaveLength(3);
    const inside = defineImageDataset({ ...recipe, folder: folder.split("/").at(-1)! });
    const above = join(folder, "..");
    expect((await inside.load({ directory: above })).train.labels).toHaveLength(3);
  });

  test("offline: the error says which file to fetch", async () => {
    await expect(
      defineImageDataset(recipe).load({ cacheDirectory, offline: true }),
    ).rejects.toThrow(
      "(2) a server: offline. Fetch lines.bin on another machine and name its folder: --data-dir",
    );
  });

  test("a manifest of another data set is refused", () => {
    expect(() => defineImageDataset({ ...recipe, manifest: manifestOf(files) })).toThrow(
      "manifest: expected the files of lines, got those of cifar10.",
    );
    expect(() =>
      defineImageDataset({ ...recipe, manifest: { dataset: "lines", files: [] } }),
    ).toThrow("manifest: files: expected a list of files, got [].");
  });

  test.each([
    [
      "too few pixels",
      { ...parsed, train: { ...parsed.train, images: Uint8Array.of(1) } },
      "lines: expected 6 pixel values for 3 images of [1, 2, 1], got 1.",
    ],
    [
      "a label that is no class",
      { ...parsed, test: { ...parsed.test, labels: Uint8Array.of(2) } },
      "lines: expected labels from 0 to 1 for 2 classes, got 2 for image 0.",
    ],
    [
      "another number of classes",
      { ...parsed, classes: ["a"] },
      "lines: expected 2 classes, got 1.",
    ],
    [
      "no test images",
      { ...parsed, test: { images: new Uint8Array(0), labels: new Uint8Array(0) } },
      "lines: expected images, got none.",
    ],
  ])("a parser that gives %s is found out", async (_, wrong: ParsedFiles, message) => {
    const definition = defineImageDataset({ ...recipe, parse: () => wrong });
    await expect(definition.load({ cacheDirectory })).rejects.toThrow(message);
  });
});

describe("loadDataset", () => {
  test("an unknown name suggests the nearest one, yours too", async () => {
    const datasets = [defineImageDataset(recipe)];
    await expect(loadDataset("line", { datasets })).rejects.toThrow('did you mean "lines"?');
  });

  test("two data sets of one name are refused", async () => {
    const mine = { info: { ...info, name: "cifar10" }, load: async () => ({}) as never };
    await expect(loadDataset("cifar10", { datasets: [mine] })).rejects.toThrow(
      'datasets: expected one data set "cifar10", got two.',
    );
  });

  test("a plugin that exports something else is refused", () => {
    expect(() => listDatasets({ datasets: [{ name: "x" }] as never })).toThrow(
      "datasets: expected definitions with info.name and load(), got something else.",
    );
  });
});
