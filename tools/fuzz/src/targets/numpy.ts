import { readFileSync } from "node:fs";
import { DatasetError } from "../../../../packages/datasets/src/errors.ts";
import { parseCifarPython } from "../../../../packages/datasets/src/formats/cifar-python.ts";
import { parseNpy } from "../../../../packages/datasets/src/formats/npy.ts";
import { parsePickle } from "../../../../packages/datasets/src/formats/pickle.ts";
import { readZip } from "../../../../packages/datasets/src/formats/zip.ts";
import { zipMutations } from "../structures/zip.ts";
import type { Target } from "../target.ts";

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
  run(bytes) {
    parsePickle(bytes, "file");
    parseCifarPython(bytes, "file", 10);
  },
  typed,
  limit,
};

export const npy: Target = {
  seeds: () => fixtures("npy"),
  run(bytes) {
    const { shape, values } = parseNpy(bytes, "file");
    if (values.length !== shape.reduce((a, b) => a * b, 1)) throw new Error("another size");
  },
  typed,
  limit,
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
};
