import { createHash } from "node:crypto";
import { type DocumentVector, documentVectors } from "@bn-only/testing/document-vectors";
import { beforeAll, describe, expect, test } from "vitest";
import {
  batchNorm,
  batchNormInitializers,
  conv2d,
  dense,
  globalAveragePool,
  Network,
  randomStream,
  sequential,
  weightInitializers,
} from "../src/index.ts";
import { biasUniform } from "../src/initializers/weights.ts";
import { normalNumbers } from "../src/random/normal.ts";
import { philox4x32 } from "../src/random/philox.ts";
import { useCpu } from "./support/tiny.ts";

// docs/init-v1.md, which Python's standard library checks too: tools/init-v1/check.py.

beforeAll(useCpu);

type Four = [number, number, number, number];

const parsed = (text: string): number[] => text.split(" ").map((word) => parseInt(word, 16));

function hexadecimal(values: Uint32Array | Float32Array | Float64Array, count: number): string {
  const width = values.BYTES_PER_ELEMENT;
  const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  return Array.from({ length: count }, (_, i) =>
    Buffer.from(bytes.subarray(i * width, (i + 1) * width).toReversed()).toString("hex"),
  ).join(" ");
}

describe("docs/init-v1.md", () => {
  test.each(documentVectors<{ counter: string; key: string }>("philox"))(
    "philox of $counter",
    ({ counter, key, expected }) => {
      const out = new Uint32Array(4);
      philox4x32(parsed(counter) as Four, parsed(key) as [number, number], out);
      expect(hexadecimal(out, 4)).toBe(expected);
    },
  );

  const streams = documentVectors<{ seed: number; path: string; block: number }>("stream");
  test.each(streams.filter(({ block }) => block < 10))(
    "block $block of $seed, $path",
    ({ seed, path, block, expected }) => {
      const words = randomStream(seed, path).words(4 * block + 4);
      expect(hexadecimal(words.subarray(4 * block), 4)).toBe(expected);
    },
  );

  test.each(streams.filter(({ block }) => block >= 10))(
    "block $block of $seed, $path",
    ({ seed, path, block, expected }) => {
      const digest = createHash("sha256").update(path).digest();
      const key = [seed % 2 ** 32, Math.floor(seed / 2 ** 32)] as const;
      const [h0, h1] = [digest.readUInt32LE(0), digest.readUInt32LE(4)];
      const out = new Uint32Array(4);
      philox4x32([block % 2 ** 32, Math.floor(block / 2 ** 32), h0, h1], key, out);
      expect(hexadecimal(out, 4)).toBe(expected);
    },
  );

  test.each(documentVectors<{ word: string }>("normal"))("normal of $word", (vector) => {
    const out = new Float64Array(1);
    normalNumbers(Uint32Array.of(parseInt(vector.word, 16)), 1, 1, out);
    expect(hexadecimal(out, 1)).toBe(vector.expected);
  });

  test.each(documentVectors<TensorInputs>("tensor"))("$init of $seed, $path", (vector) => {
    const values = tensorOf(vector);
    const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    const first = hexadecimal(values, Math.min(4, values.length));
    expect({ first, sha256 }).toEqual(vector.expected);
  });

  test.each(documentVectors<{ seed: number }>("fingerprint"))(
    "fingerprint, seed $seed",
    async ({ seed, expected }) => {
      const layer = sequential({
        stem: conv2d({ inputChannels: 3, outputChannels: 4 }),
        bn: batchNorm(4),
        pool: globalAveragePool(),
        head: dense({ inputs: 4, outputs: 3 }),
      });
      const inputShape = [8, 8, 3];
      const network = new Network({ name: "tiny", layer, inputShape, classes: 3 }, { seed });
      expect(await network.fingerprint()).toBe(expected);
      network.dispose();
    },
  );

  test("it has vectors of every initialiser", () => {
    const inits = documentVectors<TensorInputs>("tensor").map(({ init }) => init);
    expect(inits).toEqual(expect.arrayContaining(Object.keys(weightInitializers)));
    expect(inits).toEqual(expect.arrayContaining(["bias", "uniform", "positiveNegative"]));
  });
});

interface TensorInputs extends DocumentVector {
  readonly init: string;
  readonly seed: number;
  readonly path: string;
  readonly size: number;
  readonly fan: number;
}

function tensorOf({ init, seed, path, size, fan }: TensorInputs): Float32Array {
  const stream = randomStream(seed, path);
  if (init === "bias") return biasUniform({ size, fanIn: fan, stream });
  if (init === "uniform" || init === "positiveNegative") {
    return batchNormInitializers[init].gamma(size, stream);
  }
  return weightInitializers[init as keyof typeof weightInitializers]({ size, fanIn: fan, stream });
}
