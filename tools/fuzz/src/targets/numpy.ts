import { readFileSync } from "node:fs";
import { DatasetError } from "../../../../packages/datasets/src/errors.ts";
import { parseCifarNpz } from "../../../../packages/datasets/src/formats/cifar-npz.ts";
import { parseCifarPython } from "../../../../packages/datasets/src/formats/cifar-python.ts";
import { parseNpy } from "../../../../packages/datasets/src/formats/npy.ts";
import { parsePickle } from "../../../../packages/datasets/src/formats/pickle.ts";
import { readZip } from "../../../../packages/datasets/src/formats/zip.ts";
import { joined, mutateInside } from "../mutate.ts";
import { changeNpyHeader, npy as npyFile } from "../structures/npy.ts";
import { changeOperation } from "../structures/pickle.ts";
import { pack, withRightSums, zip, zipMutations } from "../structures/zip.ts";
import type { Mutation, Target } from "../target.ts";

const typed = (error: unknown): boolean => DatasetError.isInstance(error);
const limit = (size: number): number => (1 << 20) + 64 * size;

function fixtures(prefix: string): Uint8Array[] {
  const text = readFileSync("packages/datasets/test/formats/fixtures/numpy.json", "utf8");
  return Object.entries(JSON.parse(text) as Record<string, string>)
    .filter(([name]) => name.startsWith(prefix))
    .map(([, base64]) => new Uint8Array(Buffer.from(base64, "base64")));
}

export const pickle: Target = {
  seeds: () => fixtures("protocol"),
  run: (bytes) => parsePickle(bytes, "file"),
  typed,
  limit,
  structured: [changeOperation],
};

/** Of one image of CIFAR-10. */
const pixels = Uint8Array.from({ length: 3072 }, (_, i) => i % 251);

/** A batch of one image, as Python 2 pickled the real ones. */
const batch = joined([
  Buffer.from(
    "\x80\x02}q\x01(U\x06labels]K\x06aU\x04datacnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\n" +
      "K\x00\x85U\x01b\x87R(K\x01K\x01M\x00\x0c\x86cnumpy\ndtype\nU\x02u1K\x00K\x01\x87R" +
      "(K\x03U\x01|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb\x89T\x00\x0c\x00\x00",
    "latin1",
  ),
  pixels,
  Buffer.from("tbu."),
]);

export const cifarPython: Target = {
  seeds: () => [batch],
  run(bytes) {
    const { images, labels } = parseCifarPython(bytes, "file", 10);
    if (images.length !== 3072 * labels.length) throw new Error("another size");
  },
  typed,
  limit,
  structured: [changeOperation],
};

export const npy: Target = {
  seeds: () => fixtures("npy"),
  run(bytes) {
    const { shape, values } = parseNpy(bytes, "file");
    if (values.length !== shape.reduce((a, b) => a * b, 1)) throw new Error("another size");
  },
  typed,
  limit,
  structured: [changeNpyHeader],
};

const most = 1 << 16;

export const npz: Target = {
  seeds: () => fixtures("npz"),
  run(bytes) {
    for (const content of readZip(bytes, "file", new Map([["x.npy", most]])).values()) {
      if (content.length > most) throw new Error("more than the limit");
      parseNpy(content, "x.npy");
    }
  },
  typed,
  limit,
  structured: zipMutations,
  repair: withRightSums,
};

const arrays: readonly (readonly [string, Uint8Array])[] = ["train", "test"].flatMap((split) => [
  [`x_${split}.npy`, npyFile(pixels, "(1, 32, 32, 3)")],
  [`y_${split}.npy`, npyFile(Uint8Array.of(7), "(1, 1)")],
]);

/** Another header, value or name in one of the arrays. */
const changeOneArray: Mutation = (_bytes, random, other) => {
  const at = random.below(arrays.length);
  const files = arrays.map(([name, array], i) => {
    if (i !== at) return pack(name, array);
    const change = random.below(4);
    if (change === 0) return pack(random.pick(arrays)[0], array);
    const changed = change === 1 ? mutateInside(array, random, other) : array;
    return pack(name, change > 1 ? changeNpyHeader(changed, random, other) : changed, random);
  });
  return zip(files);
};

export const cifarNpz: Target = {
  seeds: () => [zip(arrays.map(([name, array]) => pack(name, array)))],
  run(bytes) {
    const { train, test } = parseCifarNpz(bytes, "file", { train: 1, test: 1 }, 10);
    for (const { images, labels } of [train, test]) {
      if (images.length !== 3072 || labels.length !== 1) throw new Error("another size");
    }
  },
  typed,
  limit,
  structured: [changeOneArray],
  repair: withRightSums,
};
