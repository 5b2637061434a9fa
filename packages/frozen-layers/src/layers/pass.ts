import type { Pass } from "./layer.ts";

/**
 * A pass of training through a whole network: statistics of the batch, towards which the running ones
 * move, and all saved that `backward` needs. The gradient of the input is not wanted.
 *
 * @param changes fields that differ
 */
export function trainingPass(changes: Partial<Pass> = {}): Pass {
  return {
    statistics: "batch",
    updateStatistics: true,
    record: true,
    inputGradient: false,
    gradients: new Map(),
    statisticsUpdates: new Map(),
    ...changes,
  };
}

/** Disposes the gradients and the running statistics of a pass of which nothing is kept. */
export function disposePass({ gradients, statisticsUpdates }: Pass): void {
  for (const made of [...gradients.values(), ...statisticsUpdates.values()]) made.dispose();
}
