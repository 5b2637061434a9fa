import type { Network, RunningStatistic, Selector } from "@bn-only/frozen-layers";
import { InvalidOptionError } from "./errors.ts";

/**
 * Decides which running statistics stand still while a network trains: those that are asked for, or all
 * of them where only the output layer trains and the statistics are not fresh: a trained network below
 * a new head. Otherwise what the network was told before. A run that goes on keeps what it began with.
 *
 * @returns puts back what was before
 * @throws InvalidOptionError when others are asked for than the run began with, or the state names one that
 * the network does not have.
 */
export function fixStatistics(
  network: Network,
  asked: Selector<RunningStatistic> | undefined,
  resume: { readonly fixedStatistics: readonly string[] } | undefined,
): () => void {
  if (resume) assertOfNetwork(network, resume.fixedStatistics);
  const before = fixedStatistics(network);
  const undo = (): void => network.fixStatistics(named(before));
  if (asked !== undefined) network.fixStatistics(asked);
  else if (resume) network.fixStatistics(named(resume.fixedStatistics));
  else if (onlyHeadTrains(network) && network.buffers.some(({ fresh }) => !fresh)) {
    network.fixStatistics("bn");
  }
  const now = fixedStatistics(network);
  if (resume && now.join() !== resume.fixedStatistics.join()) {
    undo();
    throw new InvalidOptionError(
      `resume: ${now.length} running statistics stand still here, ${resume.fixedStatistics.length} in the state. ` +
        `Leave fixedStatistics out to go on as the run began.`,
    );
  }
  return undo;
}

/** Paths of the statistics that stand still. */
export function fixedStatistics({ buffers }: Network): string[] {
  return buffers.filter(({ fixed }) => fixed).map(({ path }) => path);
}

function assertOfNetwork({ name, buffers }: Network, paths: readonly string[]): void {
  const stranger = paths.find((path) => buffers.every((buffer) => buffer.path !== path));
  if (stranger === undefined) return;
  throw new InvalidOptionError(
    `resume: the running statistic "${stranger}" stands still in the state, but ${name} has none of that name. ` +
      `Go on with the network that the run began with.`,
  );
}

/** A selector of these paths; of nothing for none of them. */
function named(paths: readonly string[]): Selector<RunningStatistic> {
  return paths.length === 0 ? [] : ({ path }) => paths.includes(path);
}

function onlyHeadTrains({ trainable }: Network): boolean {
  return trainable.length > 0 && trainable.every(({ role }) => role.startsWith("head."));
}
