import { boundedInteger, randomStream } from "../random/stream.ts";
import type { Purpose } from "../random/stream.ts";

/**
 * The order of an epoch: a permutation of `0..count-1` from `(seed, epoch)` and its purpose.
 *
 * Fisher-Yates from the last position down; position `i` swaps with `floor(word(i) * (i + 1) / 2^32)`,
 * where `word(i)` is word `i mod 4` of block `floor(i / 4)` of the stream.
 */
export function shuffledOrder(
  count: number,
  seed: number,
  epoch: number,
  purpose: Purpose = "order",
): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, index) => index);
  const stream = randomStream(seed, purpose, epoch);
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

/**
 * The place of every image in every epoch: `orders(epoch)(position)` is an index. The last epoch's
 * permutation is kept.
 *
 * @param shuffle false for the order of the data set
 */
export function epochOrders(
  count: number,
  seed: number,
  shuffle: boolean,
): (epoch: number) => (position: number) => number {
  if (!shuffle) return () => (position) => position;
  let last: { epoch: number; order: Uint32Array } | undefined;
  return (epoch) => {
    if (last?.epoch !== epoch) last = { epoch, order: shuffledOrder(count, seed, epoch) };
    const { order } = last;
    return (position) => order[position]!;
  };
}
