import type { Measured, Point } from "./figure.ts";
import type { StoredRun } from "./run-store.ts";

/** Runs together that differ in nothing but what `key` leaves out, in the order in which they came. */
export function groupBy<Item>(items: readonly Item[], key: (item: Item) => string): Item[][] {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const name = key(item);
    groups.set(name, [...(groups.get(name) ?? []), item]);
  }
  return [...groups.values()];
}

/** The mean of some seeds, and the lowest and the highest of them. */
export function pointOf(x: number, measured: readonly Measured[]): Point {
  const values = measured.map(({ value }) => value);
  return {
    x,
    mean: values.reduce((sum, value) => sum + value, 0) / values.length,
    low: Math.min(...values),
    high: Math.max(...values),
    measured,
  };
}

/** Test accuracy in percent. */
export const accuracyOf = ({ hash, run, configuration }: StoredRun): Measured => ({
  seed: configuration.seed,
  value: 100 * run.result.testAccuracy,
  run: hash,
});

/** `mean of 3 seeds, band from the lowest to the highest`, or what else shows the seeds. */
export function seedsText(
  runs: readonly StoredRun[],
  shown = "band from the lowest to the highest",
): string {
  const seeds = new Set(runs.map(({ configuration }) => configuration.seed)).size;
  if (seeds === 1) return "one seed";
  return `mean of ${seeds} seeds, ${shown}`;
}
