/** Numbers from 0 to below 1 that a seed decides (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let word = Math.imul(state ^ (state >>> 15), state | 1);
    word ^= word + Math.imul(word ^ (word >>> 7), word | 61);
    return ((word ^ (word >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** So many of the items that a seed chooses, in their order; all if there are no more. */
export function sample<Item>(items: readonly Item[], count: number, seed: number): Item[] {
  const random = randomFrom(seed);
  const drawn = items.map((item, i) => ({ item, i, rank: random() }));
  const chosen = drawn.sort((a, b) => a.rank - b.rank).slice(0, count);
  return chosen.sort((a, b) => a.i - b.i).map(({ item }) => item);
}
