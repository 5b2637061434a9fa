import { philox4x32 } from "./philox.ts";

/** What a stream of random words is for; two purposes never share words. */
const purposes = { order: 0, augmentation: 1, pattern: 2, sample: 3, split: 4 } as const;

export type Purpose = keyof typeof purposes;

/**
 * Random words addressed by position: word `w` of `block` is a pure function of
 * `(seed, purpose, epoch, block, lane, w)`, so any of them can be made alone and in any order.
 *
 * Layout: Philox4x32-10, key = seed as two 32-bit words, counter = (block, epoch, purpose, lane).
 */
export interface RandomStream {
  /** Fills `out[0..3]` with the four words of `block` in `lane`, by default 0. */
  read(block: number, out: Uint32Array, lane?: number): void;
}

export function randomStream(seed: number, purpose: Purpose, epoch: number): RandomStream {
  const key = [seed >>> 0, Math.floor(seed / 0x100000000)] as const;
  const counter: [number, number, number, number] = [0, epoch, purposes[purpose], 0];
  return {
    read(block: number, out: Uint32Array, lane = 0): void {
      counter[0] = block;
      counter[3] = lane;
      philox4x32(key, counter, out);
    },
  };
}

/**
 * A uniform integer in `[0, bound)` from one 32-bit word: `floor(word * bound / 2^32)`.
 *
 * Exact in float64 for `bound <= 2^21`; its bias is below `bound / 2^32`.
 */
export function boundedInteger(word: number, bound: number): number {
  return Math.floor((word * bound) / 0x100000000);
}
