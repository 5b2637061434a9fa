/** As many changes as have all their subsets tried; of more, those that `subsets` says. */
const ALL_SUBSETS_OF = 6;

/**
 * All subsets of a few items, in their order. Of many: every beginning, every end, each left out, and each alone.
 */
export function* subsets<Item>(items: readonly Item[]): Generator<readonly Item[]> {
  if (items.length <= ALL_SUBSETS_OF) {
    for (let mask = 0; mask < 2 ** items.length; mask++) {
      yield items.filter((_, i) => (mask >> i) % 2 === 1);
    }
    return;
  }
  for (let i = 0; i <= items.length; i++) {
    yield items.slice(0, i);
    yield items.slice(i);
  }
  for (let i = 0; i < items.length; i++) {
    yield items.filter((_, j) => j !== i);
    yield [items[i]!];
  }
}
