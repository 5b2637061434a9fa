import { show } from "@bn-only/errors";
import { sha256 } from "@noble/hashes/sha2.js";
import { FrozenLayersError } from "../errors.ts";
import { inverseNormal } from "./normal.ts";
import { philox4x32 } from "./philox.ts";

const TWO_32 = 4294967296;

/** More numbers than any tensor has. */
const LONGEST = 2 ** 30;

/**
 * The random numbers of one tensor, named by `(seed, path)`.
 *
 * The key of Philox is the seed; the upper half of its counter is the first eight bytes of
 * `SHA-256(path)`, so that streams of different paths never overlap; the lower half counts blocks.
 * Element `i` of a tensor, in row-major order, always uses word `i`.
 */
export interface RandomStream {
  /** Word `i` of `[0, 2³²)`, for `i` from 0 to `length - 1`. */
  words(length: number): Uint32Array;
  /** `(word >>> 8) · 2⁻²⁴`: uniform on [0, 1), exact in float32. */
  uniform(length: number): Float64Array;
  /** `Φ⁻¹((word + ½) · 2⁻³²)`: standard normal. */
  normal(length: number): Float64Array;
}

/** @throws FrozenLayersError when `seed` is not a whole number from 0 to 2⁵³ − 1. */
export function randomStream(seed: number, path: string): RandomStream {
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new FrozenLayersError(
      `seed must be a whole number from 0 to 2^53 - 1, got ${show(seed)}.`,
    );
  }
  if (typeof path !== "string") {
    throw new FrozenLayersError(`path must be a text, got ${show(path)}.`);
  }
  const key: [number, number] = [seed % TWO_32, Math.floor(seed / TWO_32)];
  const digest = new DataView(sha256(new TextEncoder().encode(path)).buffer);
  const stream2 = digest.getUint32(0, true);
  const stream3 = digest.getUint32(4, true);

  function words(length: number): Uint32Array {
    if (!Number.isSafeInteger(length) || length < 0 || length > LONGEST) {
      throw new FrozenLayersError(
        `length must be a whole number from 0 to 2^30, got ${show(length)}.`,
      );
    }
    const blocks = Math.ceil(length / 4);
    const out = new Uint32Array(blocks * 4);
    for (let block = 0; block < blocks; block++) {
      const counter = [block % TWO_32, Math.floor(block / TWO_32), stream2, stream3] as const;
      philox4x32(counter, key, out, block * 4);
    }
    return out.subarray(0, length);
  }

  return {
    words,
    uniform: (length) => mapWords(words(length), (word) => (word >>> 8) * 2 ** -24),
    normal: (length) => mapWords(words(length), (word) => inverseNormal((word + 0.5) / TWO_32)),
  };
}

function mapWords(source: Uint32Array, value: (word: number) => number): Float64Array {
  const out = new Float64Array(source.length);
  for (let i = 0; i < source.length; i++) out[i] = value(source[i]!);
  return out;
}
