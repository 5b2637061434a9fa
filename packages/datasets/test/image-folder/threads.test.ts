import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { batchSource } from "../../src/batches/batch-source.ts";
import type { BatchSourceOptions } from "../../src/batches/batch-options.ts";
import { FormatError } from "../../src/errors.ts";
import { imageFolder } from "../../src/image-folder/image-folder.ts";
import { horizontalFlip } from "../../src/transforms/horizontal-flip.ts";
import { randomResizedCrop } from "../../src/transforms/random-resized-crop.ts";
import type { Transform } from "../../src/transforms/transform.ts";
import type { Batch, ImageFileDataset } from "../../src/types.ts";
import { folderOf, png, twoClasses } from "./folder.ts";

// The threads run dist/image-worker.js: npm run build first.

const invert: Transform = {
  name: "invert",
  outputShape: (shape) => shape,
  apply(image, target) {
    for (const [i, value] of image.pixels.entries()) target.pixels[i] = 255 - value;
  },
};

async function mixedFolder(count = 12): Promise<ImageFileDataset> {
  return (await imageFolder(await folderOf(twoClasses(count, true)), { size: 5 })).train;
}

async function read(dataset: ImageFileDataset, options: BatchSourceOptions): Promise<Batch[]> {
  const batches: Batch[] = [];
  const source = batchSource(dataset, options);
  for await (const batch of source.batches({ epoch: 1, batchSize: 7 })) batches.push(batch);
  return batches;
}

describe("reading threads", () => {
  test.each<[string, readonly Transform[]]>([
    ["without transforms", []],
    ["with transforms", [randomResizedCrop({ size: 4 }), horizontalFlip()]],
    ["with somebody's transform", [horizontalFlip(), invert]],
  ])("any number gives the same bits, %s", async (_, transforms) => {
    const dataset = await mixedFolder();
    const options = { transforms, shuffle: true, seed: 8 };
    const alone = await read(dataset, { ...options, threads: 0 });
    expect(alone.map(({ size }) => size)).toEqual([7, 7, 6]);
    for (const threads of [1, 3, 20]) {
      expect(await read(dataset, { ...options, threads })).toEqual(alone);
    }
  });

  test("a broken file is named as without threads, and the threads end", async () => {
    const path = await folderOf({ ...twoClasses(3), "dog/b.png": png(1).subarray(0, 60) });
    const { train } = await imageFolder(path, { size: 4, testShare: 0.01 });
    const errors = await Promise.all(
      [0, 2].map((threads) => read(train, { threads }).catch((error: unknown) => error)),
    );
    expect(errors[1]).toBeInstanceOf(FormatError);
    expect((errors[1] as Error).message).toMatch(/b\.png: expected a whole PNG, got a damaged/);
    expect((errors[1] as Error).message).toBe((errors[0] as Error).message);
  });

  test("an aborted signal ends the loop with its reason", async () => {
    const dataset = await mixedFolder();
    for (const threads of [0, 2]) {
      const controller = new AbortController();
      const source = batchSource(dataset, { threads, signal: controller.signal });
      let seen = 0;
      const loop = async (): Promise<void> => {
        for await (const { size } of source.batches({ epoch: 0, batchSize: 4 })) {
          seen += size;
          controller.abort(new Error("enough"));
        }
      };
      await expect(loop()).rejects.toThrow("enough");
      expect(seen).toBe(4);
      await expect(loop()).rejects.toThrow("enough");
    }
  });

  test("two epochs at once do not disturb each other", async () => {
    const dataset = await mixedFolder();
    const source = batchSource(dataset, { threads: 2, shuffle: true });
    const of = async (epoch: number): Promise<Batch[]> => {
      const batches = [];
      for await (const batch of source.batches({ epoch, batchSize: 6 })) batches.push(batch);
      return batches;
    };
    const together = await Promise.all([of(0), of(1)]);
    expect(together).toEqual([await of(0), await of(1)]);
    expect(together[0]).not.toEqual(together[1]);
  });
});

describe("the built package", () => {
  const dist = fileURLToPath(new URL("../../dist/index.js", import.meta.url));
  const program = (path: string, body: string): Promise<{ stdout: string }> => {
    const code = `
      const { batchSource, horizontalFlip, imageFolder } = await import(${JSON.stringify(dist)});
      const { train } = await imageFolder(${JSON.stringify(path)}, { size: 5 });
      const source = batchSource(train, { transforms: [horizontalFlip()], threads: 2 });
      ${body}`;
    const options = { timeout: 20_000 };
    return promisify(execFile)(process.execPath, ["--input-type=module", "-e", code], options);
  };

  test("reads in threads and ends by itself", async () => {
    const path = await folderOf(twoClasses(6, true));
    const { stdout } = await program(
      path,
      `for await (const { size, images } of source.batches({ epoch: 0, batchSize: 4 }))
         console.log(size, images.length);`,
    );
    expect(stdout).toBe("4 300\n4 300\n2 150\n");
  });

  test.each([
    ["left by break", "for await (const b of source.batches({ epoch: 0, batchSize: 2 })) break;"],
    [
      "left lying",
      "await source.batches({ epoch: 0, batchSize: 2 })[Symbol.asyncIterator]().next();",
    ],
  ])("a loop that is %s keeps no process alive", async (_, body) => {
    const path = await folderOf(twoClasses(6, true));
    expect((await program(path, `${body} console.log("end");`)).stdout).toBe("end\n");
  });
});
