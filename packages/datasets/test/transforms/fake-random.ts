import type { TransformRandom } from "../../src/transforms/transform.ts";

/** Gives the listed words; a value in [0, 1) is that share of 2^32. */
export function wordsOf(...shares: number[]): TransformRandom {
  const words = shares.map((share) => Math.floor(share * 0x100000000));
  const word = (): number => {
    if (words.length === 0) throw new Error("more words than expected");
    return words.shift()!;
  };
  return { word, integer: (bound) => Math.floor((word() * bound) / 0x100000000) };
}
