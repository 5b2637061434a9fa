import type { Network, RunningStatistic, Selector } from "@bn-only/frozen-layers";

/**
 * Decides which running statistics stand still while a network trains: those that are asked for, or all
 * of them where only the output layer trains and the statistics are not fresh: a trained network below
 * a new head. Otherwise what the network was told before.
 *
 * @returns puts back what was before
 */
export function fixStatistics(
  network: Network,
  asked: Selector<RunningStatistic> | undefined,
): () => void {
  const before = fixedStatistics(network);
  if (asked !== undefined) network.fixStatistics(asked);
  else if (onlyHeadTrains(network) && network.buffers.some(({ fresh }) => !fresh)) {
    network.fixStatistics("bn");
  }
  return () => network.fixStatistics(named(before));
}

/** Paths of the statistics that stand still. */
export function fixedStatistics({ buffers }: Network): string[] {
  return buffers.filter(({ fixed }) => fixed).map(({ path }) => path);
}

/** A selector of these paths; of nothing for none of them. */
export function named(paths: readonly string[]): Selector<RunningStatistic> {
  return paths.length === 0 ? [] : ({ path }) => paths.includes(path);
}

function onlyHeadTrains({ trainable }: Network): boolean {
  return trainable.length > 0 && trainable.every(({ role }) => role.startsWith("head."));
}
