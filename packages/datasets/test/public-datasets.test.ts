import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { cifar100Classes } from "../src/cifar100-classes.ts";
import { cifar100Definition, defineCifar100 } from "../src/cifar100.ts";
import { fashionMnistDefinition } from "../src/fashion-mnist.ts";
import { defineMnist, mnistDefinition } from "../src/mnist.ts";
import { httpFilesSource } from "../src/sources/http-files.ts";
import { manifestOf, serve, sha256, tarGzip, temporaryFolder } from "./fixtures.ts";

beforeEach(() => {
  vi.stubEnv("BN_ONLY_DATA", undefined);
  vi.stubEnv("BN_ONLY_OFFLINE", undefined);
});
afterEach(() => {
  vi.unstubAllEnvs();
});

/** A gzipped IDX file of bytes. */
function idx(shape: readonly number[], values: readonly number[]): Uint8Array {
  const header = Buffer.alloc(4 + 4 * shape.length);
  header.set([0, 0, 8, shape.length]);
  for (const [axis, length] of shape.entries()) header.writeUInt32BE(length, 4 + 4 * axis);
  return gzipSync(Buffer.concat([header, Uint8Array.from(values)]));
}

const pixels = (count: number, first: number): number[] =>
  Array.from({ length: count * 784 }, (_, i) => (first + i) % 256);

const idxSet = new Map([
  ["train-images-idx3-ubyte.gz", idx([3, 28, 28], pixels(3, 0))],
  ["train-labels-idx1-ubyte.gz", idx([3], [5, 0, 9])],
  ["t10k-images-idx3-ubyte.gz", idx([1, 28, 28], pixels(1, 7))],
  ["t10k-labels-idx1-ubyte.gz", idx([1], [4])],
]);

describe("mnist", () => {
  const definition = defineMnist({ ...manifestOf(idxSet), dataset: "mnist" });

  test("four gzipped IDX files below one address", async () => {
    const cacheDirectory = await temporaryFolder();
    const url = await serve((request, response) => {
      response.end(idxSet.get(request.url!.slice(1)));
    });
    const sources = [httpFilesSource({ url: new URL("/", url).href })];
    const { train, test: held } = await definition.load({ cacheDirectory, sources });
    expect(train).toMatchObject({ name: "mnist", shape: [28, 28, 1] });
    expect([...train.labels]).toEqual([5, 0, 9]);
    expect([...train.images.subarray(784, 787)]).toEqual([784 % 256, 785 % 256, 786 % 256]);
    expect([...held.images.subarray(0, 3)]).toEqual([7, 8, 9]);
    expect(held.classes[4]).toBe("4");
    expect(train.normalization).toEqual({ mean: [0.1307], std: [0.3081] });
    expect(await definition.load({ cacheDirectory, sources: [] })).toEqual({ train, test: held });
  });

  test("torchvision's folder", async () => {
    const directory = await temporaryFolder();
    await mkdir(join(directory, "MNIST", "raw"), { recursive: true });
    for (const [name, bytes] of idxSet) {
      await writeFile(join(directory, "MNIST", "raw", name), bytes);
    }
    expect((await definition.load({ directory })).train.labels).toHaveLength(3);
  });

  test.each([
    ["train-labels-idx1-ubyte.gz", idx([2], [5, 0]), "expected 3 labels, as images, got 2."],
    ["t10k-images-idx3-ubyte.gz", idx([1, 2, 2], [1, 2, 3, 4]), "images of 28x28, got 2x2."],
    ["train-images-idx3-ubyte.gz", Uint8Array.of(1), "expected a whole gzip file"],
  ])("files that do not fit: %s", async (name, bytes, message) => {
    const directory = await temporaryFolder();
    const files = new Map([...idxSet, [name, bytes]]);
    for (const [file, content] of files) await writeFile(join(directory, file), content);
    const wrong = defineMnist({ ...manifestOf(files), dataset: "mnist" });
    await expect(wrong.load({ directory })).rejects.toThrow(message);
    await expect(wrong.load({ directory })).rejects.toThrow(name);
  });

  test("the real one asks two servers and says which files to fetch", async () => {
    const cacheDirectory = await temporaryFolder();
    await expect(mnistDefinition.load({ cacheDirectory, offline: true })).rejects.toThrow(
      "(2) https://ossci-datasets.s3.amazonaws.com/mnist/: offline; " +
        "(3) https://storage.googleapis.com/cvdf-datasets/mnist/: offline. " +
        "Fetch 4 files (train-images-idx3-ubyte.gz, ...) on another machine",
    );
  });
});

test("fashion-mnist: a folder of MNIST is not taken for it", async () => {
  const directory = await temporaryFolder();
  for (const [name, bytes] of idxSet) await writeFile(join(directory, name), bytes);
  await expect(fashionMnistDefinition.load({ directory })).rejects.toThrow(
    "expected 26421880 bytes with SHA-256 3aede38d",
  );
});

describe("cifar100", () => {
  /** Superclass 19, then the label, then three planes of 1, 2 and 3. */
  const record = (label: number): number[] => [
    19,
    label,
    ...[1, 2, 3].flatMap((plane) => Array<number>(1024).fill(plane)),
  ];
  const files = new Map([
    ["train.bin", Uint8Array.from([...record(99), ...record(0)])],
    ["test.bin", Uint8Array.from(record(42))],
  ]);

  test("the fine labels of the archive", async () => {
    const directory = await temporaryFolder();
    const archive = await tarGzip(files, "cifar-100-binary");
    await writeFile(join(directory, "cifar-100-binary.tar.gz"), archive);
    const digest = { bytes: archive.length, sha256: sha256(archive) };
    const { train, test: held } = await defineCifar100(digest, 2, 1).load({ directory });
    expect([...train.labels]).toEqual([99, 0]);
    expect([...held.labels]).toEqual([42]);
    expect(held.classes[42]).toBe("leopard");
    expect([...held.images.subarray(0, 6)]).toEqual([1, 2, 3, 1, 2, 3]);
  });

  test("100 classes in alphabetical order", () => {
    expect(new Set(cifar100Classes).size).toBe(100);
    expect([...cifar100Classes].sort()).toEqual(cifar100Classes);
  });

  test("another archive is refused", async () => {
    const directory = await temporaryFolder();
    await writeFile(join(directory, "cifar-100-binary.tar.gz"), "x");
    await expect(cifar100Definition.load({ directory })).rejects.toThrow(
      "expected 168513733 bytes with SHA-256 58a81ae1",
    );
  });
});
