import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { batchSource } from "../../src/batches/batch-source.ts";
import { FormatError } from "../../src/errors.ts";
import { imageFolder } from "../../src/image-folder/image-folder.ts";
import { readImages } from "../../src/image-folder/read-images.ts";
import { subset } from "../../src/subset.ts";
import { randomResizedCrop } from "../../src/transforms/random-resized-crop.ts";
import { resize } from "../../src/transforms/resize.ts";
import { folderOf, jpg, pixelsOf, png, twoClasses } from "./folder.ts";

const under = (prefix: string, files: Record<string, Uint8Array>): Record<string, Uint8Array> =>
  Object.fromEntries(Object.entries(files).map(([name, bytes]) => [`${prefix}/${name}`, bytes]));

describe("imageFolder", () => {
  test.each(["test", "val"])("torchvision's layout, with %s", async (held) => {
    const path = await folderOf({
      ...under("train", twoClasses(3)),
      [`${held}/dog/x.png`]: png(9),
      "train/cat/deeper/y.png": png(7),
      "train/cat/.hidden.png": "no image",
      "train/cat/notes.txt": "no image",
      "train/.git/z.png": png(1),
    });
    const { train, test: other } = await imageFolder(path);
    expect(train.classes).toEqual(["cat", "dog"]);
    expect(train.shape).toEqual([6, 8, 3]);
    expect(train.name).toBe(`folder:${path}`);
    expect(train.files.map((file) => file.slice(path.length + 1))).toEqual([
      "train/cat/000.png",
      "train/cat/001.JPG",
      "train/cat/002.png",
      "train/cat/deeper/y.png",
      "train/dog/000.png",
      "train/dog/001.JPG",
      "train/dog/002.png",
    ]);
    expect([...train.labels]).toEqual([0, 0, 0, 0, 1, 1, 1]);
    expect(other.files).toEqual([join(path, held, "dog", "x.png")]);
    expect([...other.labels]).toEqual([1]);
  });

  test("one level is split by class, from a seed", async () => {
    const path = await folderOf(twoClasses(10));
    const { train, test: held } = await imageFolder(path, { testShare: 0.3, seed: 4 });
    expect([train.files.length, held.files.length]).toEqual([14, 6]);
    expect([...held.labels]).toEqual([0, 0, 0, 1, 1, 1]);
    expect(new Set([...train.files, ...held.files]).size).toBe(20);
    const again = await imageFolder(path, { testShare: 0.3, seed: 4 });
    expect(again.test.files).toEqual(held.files);
    const others = await imageFolder(path, { testShare: 0.3, seed: 5 });
    expect(others.test.files).not.toEqual(held.files);
    // At least one image of every class on both sides.
    const least = await imageFolder(path, { testShare: 0.001 });
    expect([...least.test.labels]).toEqual([0, 1]);
  });

  test("more than 256 classes", async () => {
    const names = Array.from({ length: 260 }, (_, i) => `class${String(i).padStart(3, "0")}`);
    const image = png(1, 1, 1);
    const files = names.flatMap((name) => [`${name}/a.png`, `${name}/b.png`]);
    const path = await folderOf(Object.fromEntries(files.map((file) => [file, image])));
    const { train } = await imageFolder(path, { testShare: 0.5 });
    expect(train.labels[259]).toBe(259);
    expect(train.classes).toEqual(names);
  });

  test.each<[string, Record<string, Uint8Array | string | undefined>, string]>([
    ["no class", { "readme.txt": "x" }, "$: expected a folder with images for each class"],
    [
      "an empty class",
      { ...twoClasses(2), emu: undefined },
      "$/emu: expected PNGs or JPEGs of this class, found none.",
    ],
    [
      "mixed sizes",
      { ...twoClasses(2), "dog/z.png": png(1, 7, 8) },
      "$/dog/z.png: expected 6x8 pixels as $/cat/00",
    ],
    [
      "a file that is no image",
      { ...twoClasses(2), "dog/z.png": "hello" },
      "$/dog/z.png: expected a PNG or JPEG, got 5 other bytes.",
    ],
    ["an empty file", { ...twoClasses(2), "dog/z.jpg": "" }, "$/dog/z.jpg: expected a PNG or JPEG"],
    [
      "another format",
      { ...twoClasses(2), "dog/z.webp": "RIFF" },
      "$/dog/z.webp: expected a PNG or JPEG. Convert or remove it.",
    ],
    [
      "a class with one image",
      { ...twoClasses(2), "emu/a.png": png(1) },
      "$/emu/a.png: expected at least 2 images of the class emu",
    ],
    [
      "train alone",
      under("train", twoClasses(2)),
      "$: expected a folder test or val beside train, found neither. Add one, or name $/train",
    ],
    [
      "a class that only the test split has",
      { ...under("train", twoClasses(2)), "test/emu/a.png": png(1) },
      "$/test/emu: expected a class of $/train, got another one.",
    ],
  ])("%s: one line that names the file", async (_, files, message) => {
    const path = await folderOf(files);
    const error = await imageFolder(path).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(FormatError);
    expect((error as Error).message).toContain(message.replaceAll("$", path));
    expect((error as Error).message).not.toContain("\n");
  });

  test("a folder that is called like an image", async () => {
    const path = await folderOf({ ...twoClasses(2), "dog/z.png": undefined });
    const message = `${join(path, "dog", "z.png")}: expected an image, got no file.`;
    await expect(imageFolder(path)).rejects.toThrow(message);
    const { train, test: held } = await imageFolder(path, { size: 4 });
    const dataset = [train, held].find(({ files }) =>
      files.some((file) => file.endsWith("z.png")),
    )!;
    await expect(readImages(dataset)).rejects.toThrow(message);
  });

  test.skipIf(process.platform === "win32")("a pipe is not waited for", async () => {
    const path = await folderOf(twoClasses(2));
    spawnSync("mkfifo", [join(path, "dog", "z.png")]);
    await expect(imageFolder(path)).rejects.toThrow("z.png: expected an image, got no file.");
  });

  test.skipIf(process.platform === "win32")(
    "what is in a name does not reach a terminal",
    async () => {
      const path = await folderOf({ ...twoClasses(2), "dog/\u001b[31mz\n.png": "x" });
      await expect(imageFolder(path)).rejects.toThrow(
        "/dog/\ufffd[31mz\ufffd.png: expected a PNG or JPEG",
      );
    },
  );

  test("a path that is no folder", async () => {
    const path = join(await folderOf({}), "none");
    await expect(imageFolder(path)).rejects.toThrow(
      `${path}: expected a folder, got none (ENOENT).`,
    );
  });

  test.each([
    [{ size: 0 }, "size: expected an integer from 1"],
    [{ channels: 4 as never }, "channels: expected 1 or 3, got 4."],
    [{ testShare: 1 }, "testShare: expected a number between 0 and 1, got 1."],
    [{ seed: -1 }, "seed: expected an integer at least 0"],
  ])("refuses %j", async (options, message) => {
    await expect(imageFolder(".", options)).rejects.toThrow(message);
  });
});

test("imageFolder: without a disk it says what to do instead", async () => {
  vi.stubGlobal("process", undefined);
  await expect(imageFolder(".").finally(() => vi.unstubAllGlobals())).rejects.toThrow(
    "imageFolder: expected Node, which has a disk. In a browser pass decoded pixels to arrays().",
  );
});

describe("readImages", () => {
  test("the pixels of a subset", async () => {
    const { train } = await imageFolder(await folderOf(twoClasses(4)));
    const images = await readImages(subset(train, 1));
    expect(images.labels).toHaveLength(1);
    const seed = Number(train.files[0]!.slice(-7, -4));
    expect(images.images).toEqual(pixelsOf(seed, 6, 8));
  });

  test("brings images of several sizes to one", async () => {
    const path = await folderOf({ "a/0.png": png(10, 4, 8), "a/1.png": png(10, 4, 8) });
    const { train } = await imageFolder(path, { size: 4, channels: 1 });
    const { images, shape } = await readImages(train);
    expect(shape).toEqual([4, 4, 1]);
    // The middle 4x4 of 4x8: columns 2 to 5. Pixel (0, 2) is (20, 70, 120).
    expect(images[0]).toBe((19595 * 20 + 38470 * 70 + 7471 * 120 + 0x8000) >> 16);
  });
});

describe("batchSource of a folder", () => {
  const unit = { mean: [0, 0, 0], std: [1 / 255, 1 / 255, 1 / 255] };

  test("gives the bits of the same images in memory", async () => {
    const { train } = await imageFolder(await folderOf(twoClasses(8)));
    const options = { augment: true, shuffle: true, seed: 3 };
    const memory = batchSource(await readImages(train), options);
    const disk = batchSource(train, { ...options, threads: 0 });
    expect(disk).toMatchObject({ size: 12, inputShape: [6, 8, 3], classes: 2 });
    const expected = [...memory.batches({ epoch: 2, batchSize: 5, startStep: 1 })];
    const seen = [];
    for await (const batch of disk.batches({ epoch: 2, batchSize: 5, startStep: 1 })) {
      seen.push(batch);
    }
    expect(seen).toEqual(expected);
    expect(seen.map(({ size }) => size)).toEqual([5, 2]);
  });

  test("a first transform that takes any size gets the whole image", async () => {
    const path = await folderOf({ "a/0.png": png(0, 4, 8), "a/1.png": png(0, 4, 8) });
    const { train } = await imageFolder(path, { size: 4 });
    const transforms = [resize({ size: [4, 8] })];
    const source = batchSource(train, { transforms, normalization: unit, threads: 0 });
    expect(source.inputShape).toEqual([4, 8, 3]);
    for await (const { images } of source.batches({ epoch: 0, batchSize: 1 })) {
      expect([...images].map(Math.round)).toEqual([...pixelsOf(0, 4, 8)]);
    }
    const crops = [randomResizedCrop({ size: 3 })];
    expect(batchSource(train, { transforms: crops }).inputShape).toEqual([3, 3, 3]);
  });

  test("a file that is broken later is named", async () => {
    const path = await folderOf({
      ...twoClasses(3),
      "b.png": png(1).subarray(0, 60),
    });
    const { train } = await imageFolder(path, { testShare: 0.01 });
    const broken = { ...train, files: [...train.files, join(path, "b.png")] };
    const labels = Uint8Array.from([...train.labels, 1]);
    const read = async (files: readonly string[]): Promise<void> => {
      const source = batchSource({ ...broken, files, labels }, { threads: 0 });
      for await (const { size } of source.batches({ epoch: 0, batchSize: 2 })) void size;
    };
    await expect(read(broken.files)).rejects.toThrow(
      `${join(path, "b.png")}: expected a whole PNG, got a damaged one`,
    );
    await expect(read([...train.files, join(path, "none.png")])).rejects.toThrow(
      `${join(path, "none.png")}: expected an image, got none (ENOENT).`,
    );
  });

  test("an image of another size is named", async () => {
    const path = await folderOf({ "a/0.png": png(0), "a/1.png": png(1), "b.png": png(2, 7, 9) });
    const { train } = await imageFolder(path);
    const files = [join(path, "b.png")];
    const source = batchSource({ ...train, files }, { threads: 0 });
    const first = source.batches({ epoch: 0, batchSize: 1 })[Symbol.asyncIterator]().next();
    await expect(first).rejects.toThrow(
      `${files[0]}: expected an image of 6x8x3 after the transforms, got 7x9x3 from 7x9x3.`,
    );
  });

  test("refuses files and labels that do not fit, and threads out of range", async () => {
    const { train } = await imageFolder(await folderOf({ "a/0.png": png(0), "a/1.jpg": jpg(1) }));
    expect(() => batchSource({ ...train, files: [] })).toThrow(
      "expected a file for each of 1 labels, got 0.",
    );
    expect(() => batchSource({ ...train, files: [5] as never })).toThrow(
      "dataset: files: expected paths, got [5].",
    );
    expect(() => batchSource({ ...train, shape: [6, 8, 4] })).toThrow("expected 1 or 3 channels");
    expect(() => batchSource(train, { threads: -1 })).toThrow("threads: expected an integer");
    expect(() => batchSource(train).batches({ epoch: 0, batchSize: 0 })).toThrow("batchSize");
  });
});
