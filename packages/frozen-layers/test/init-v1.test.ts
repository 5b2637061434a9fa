import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { batchNormInitializers, randomStream, weightInitializers } from "../src/index.ts";
import { biasUniform } from "../src/initializers/weights.ts";
import { philox4x32 } from "../src/random/philox.ts";

// Bit patterns written by an implementation in numpy, tools/pytorch/init_v1.py. A network is its
// seed: these numbers never change once published.

interface Vector {
  readonly first: readonly string[];
  readonly sha256: string;
}

interface Vectors {
  readonly tensors: readonly (Record<string, Vector> & {
    readonly seed: number;
    readonly path: string;
    readonly shape: readonly number[];
    readonly fanIn: number;
  })[];
  readonly laterBlocks: readonly {
    readonly seed: number;
    readonly firstBlock: number;
    readonly path: string;
    readonly words: readonly string[];
  }[];
}

const file = new URL("fixtures/goldens/init-v1.json", import.meta.url);
const vectors = JSON.parse(readFileSync(file, "utf8")) as Vectors;

/** Bit patterns of the first twelve numbers, most significant digit first, and a hash of all. */
function vectorOf(values: Uint32Array | Float32Array | Float64Array): Vector {
  const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  const width = values.BYTES_PER_ELEMENT;
  const first = Array.from(values.subarray(0, 12), (_, i) =>
    Buffer.from(bytes.subarray(i * width, (i + 1) * width).toReversed()).toString("hex"),
  );
  return { first, sha256: createHash("sha256").update(bytes).digest("hex") };
}

describe.each(vectors.tensors)(
  "init-v1, seed $seed, $path",
  ({ seed, path, shape, ...expected }) => {
    const size = shape.reduce((product, length) => product * length, 1);
    const request = { size, fanIn: expected.fanIn, stream: randomStream(seed, path) };
    const { stream } = request;

    test("words, uniform and normal numbers", () => {
      expect(vectorOf(stream.words(size))).toEqual(expected["words"]);
      expect(vectorOf(stream.normal(size))).toEqual(expected["normal"]);
      expect(vectorOf(batchNormInitializers.uniform.gamma(size, stream))).toEqual(
        expected["uniform"],
      );
      expect(vectorOf(batchNormInitializers.positiveNegative.gamma(size, stream))).toEqual(
        expected["positiveNegative"],
      );
      expect(vectorOf(biasUniform(request))).toEqual(expected["bias"]);
    });

    const kernels = Object.entries(weightInitializers).filter(([name]) => name in expected);
    test.each(kernels)("%s", (name, initialize) => {
      expect(vectorOf(initialize(request))).toEqual(expected[name]);
    });
  },
);

test("init-v1: every weight initialiser has vectors", () => {
  const names = new Set(vectors.tensors.flatMap((tensor) => Object.keys(tensor)));
  expect([...names]).toEqual(expect.arrayContaining(Object.keys(weightInitializers)));
});

// Block numbers above 2³² use the second word of the counter.
test.each(vectors.laterBlocks)("init-v1: block $firstBlock of $path", (later) => {
  const digest = createHash("sha256").update(later.path).digest();
  const key = [later.seed % 2 ** 32, Math.floor(later.seed / 2 ** 32)] as const;
  const out = new Uint32Array(8);
  const block = [later.firstBlock % 2 ** 32, Math.floor(later.firstBlock / 2 ** 32)] as const;
  philox4x32([...block, digest.readUInt32LE(0), digest.readUInt32LE(4)], key, out);
  expect([...out].map((word) => word.toString(16).padStart(8, "0"))).toEqual(later.words);
});
