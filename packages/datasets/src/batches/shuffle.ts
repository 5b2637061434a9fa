import { boundedInteger, randomStream } from "../random/stream.ts";

/**
 * The order of an epoch: a permutation of `0..count-1` from `(seed, epoch)`.
 *
 * Fisher-Yates from the last position down; position `i` swaps with `floor(word(i) * (i + 1) / 2^32)`,
 * where `word(i)` is word `i mod 4` of block `floor(i / 4)` of the `order` stream.
 */
export function shuffledOrder(count: number, seed: number, epoch: number): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, index) => index);
  const stream = randomStream(seed, "order", epoch);
  const words = new Uint32Array(4);
  let block = -1;
  for (let i = count - 1; i > 0; i--) {
    if (i >>> 2 !== block) {
      block = i >>> 2;
      stream.read(block, words);
    }
    const j = boundedInteger(words[i & 3]!, i + 1);
    const swapped = order[i]!;
    order[i] = order[j]!;
    order[j] = swapped;
  }
  return order;
}
