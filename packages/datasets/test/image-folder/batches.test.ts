import { describe, expect, test } from "vitest";
import type { BatchSourceOptions } from "../../src/batches/batch-options.ts";
import { batchSource } from "../../src/batches/batch-source.ts";
import { imageFolder } from "../../src/image-folder/image-folder.ts";
import { readImages } from "../../src/image-folder/read-images.ts";
import type { Transform } from "../../src/transforms/transform.ts";
import type { AnyImageDataset, Batch } from "../../src/types.ts";
import { folderOf, twoClasses } from "./folder.ts";

/** The red of each pixel. */
const red: Transform = {
  name: "red",
  outputShape: ([height, width]) => [height, width, 1],
  apply({ pixels, shape: [, , channels] }, { pixels: target }) {
    for (let i = 0; i < target.length; i++) target[i] = pixels[i * channels]!;
  },
};

async function firstBatch(dataset: AnyImageDataset, options: BatchSourceOptions): Promise<Batch> {
  const batches = batchSource(dataset, options).batches({
    epoch: 0,
    batchSize: 9,
  });
  for await (const batch of batches) return batch;
  throw new Error("no batch");
}

describe("batches of a folder", () => {
  test("a transform that changes the channels gets the data set's own", async () => {
    const { train } = await imageFolder(await folderOf(twoClasses(4)));
    const options = { transforms: [red], normalization: { mean: [0], std: [1] } };
    const disk = await firstBatch(train, { ...options, threads: 0 });
    expect(disk).toEqual(await firstBatch(await readImages(train), options));
  });

  test("one that does not fit into memory is refused with its size", async () => {
    const { train } = await imageFolder(await folderOf(twoClasses(2)), { size: 65_535 });
    await expect(firstBatch(train, { threads: 0 })).rejects.toThrow(
      "batchSize: 2 images of 65535x65535x3 do not fit into memory. Choose a smaller one.",
    );
  });
});
