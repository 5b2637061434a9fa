import { show } from "@bn-only/errors";
import { sha256 } from "@noble/hashes/sha2.js";
import { FrozenLayersError } from "../errors.ts";
import { asOutOfMemory } from "../out-of-memory.ts";
import { CHUNK, normalNumbers } from "./normal.ts";
import { philox4x32 } from "./philox.ts";

const TWO_32 = 4294967296;

// Overwritten by every use, which ends before it returns.
const chunk = new Uint32Array(CHUNK);
const numbers = new Float64Array(CHUNK);

/**
 * The random numbers of one tensor, named by `(seed, path)`.
 *
 * The key of Philox is the seed; the upper half of its counter is the first eight bytes of
 * `SHA-256(path)`, so that streams of different paths never overlap; the lower half counts blocks.
 * Element `i` of a tensor, in row-major order, always uses word `i`. docs/init-v1.md specifies every bit.
 */
export interface RandomStream {
  /** Word `i` of `[0, 2³²)`, for `i` from 0 to `length - 1`. */
  words(length: number): Uint32Array;
  /** `(word >>> 8) · 2⁻²⁴`: uniform on [0, 1), exact in float32. */
  uniform(length: number): Float64Array;
  /** `deviation · Φ⁻¹((word + ½) · 2⁻³²)`: normal, by default with a standard deviation of 1. */
  normal(length: number, deviation?: number): Float64Array;
  /** The same, rounded to float32, without a copy in float64. */
  normalFloat32(length: number, deviation?: number): Float32Array;
}

/**
 * The random numbers of the tensor at `path`. They depend on nothing else, and each method begins at word 0
 * whenever it is called.
 *
 * @throws FrozenLayersError when `seed` is not a whole number from 0 to 2⁵³ − 1, or `path` no text. The methods throw
 * it for what is no length, and an OutOfMemoryError for one that is too large.
 */
export function randomStream(seed: number, path: string): RandomStream {
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new FrozenLayersError(
      `seed must be a whole number from 0 to 2^53 - 1, got ${show(seed)}.`,
    );
  }
  if (typeof path !== "string") {
    throw new FrozenLayersError(`path must be a text, got ${show(path)}.`);
  }
  const key = [seed % TWO_32, Math.floor(seed / TWO_32)] as const;
  const digest = new DataView(sha256(new TextEncoder().encode(path)).buffer);
  const stream2 = digest.getUint32(0, true);
  const stream3 = digest.getUint32(4, true);

  /** Fills `out` from a word on whose number is a multiple of 4. */
  function fill(out: Uint32Array, first: number): void {
    const block = first / 4;
    philox4x32([block % TWO_32, Math.floor(block / TWO_32), stream2, stream3], key, out);
  }

  function words(length: number): Uint32Array {
    const out = allocate(length, (count) => new Uint32Array(Math.ceil(count / 4) * 4));
    fill(out, 0);
    return out.subarray(0, length);
  }

  function fillNormal(out: Float32Array | Float64Array, deviation: number): void {
    for (let first = 0; first < out.length; first += CHUNK) {
      const count = Math.min(CHUNK, out.length - first);
      fill(chunk, first);
      normalNumbers(chunk, count, deviation, numbers);
      out.set(numbers.subarray(0, count), first);
    }
  }

  return {
    words,
    uniform(length) {
      const source = words(length);
      const out = new Float64Array(length);
      for (let i = 0; i < length; i++) out[i] = (source[i]! >>> 8) * (1 / 16777216);
      return out;
    },
    normal(length, deviation = 1) {
      const out = allocate(length, (count) => new Float64Array(count));
      fillNormal(out, deviation);
      return out;
    },
    normalFloat32(length, deviation = 1) {
      const out = allocate(length, (count) => new Float32Array(count));
      fillNormal(out, deviation);
      return out;
    },
  };
}

/** @throws FrozenLayersError for what is no length; OutOfMemoryError for one that is too large. */
function allocate<Numbers>(length: number, make: (length: number) => Numbers): Numbers {
  if (!Number.isSafeInteger(length) || length < 0) {
    throw new FrozenLayersError(`length must be a whole number from 0, got ${show(length)}.`);
  }
  try {
    return make(length);
  } catch (error) {
    throw asOutOfMemory(error, `randomStream: ${length} numbers do not fit`);
  }
}
