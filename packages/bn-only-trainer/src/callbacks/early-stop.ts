import { assertOptions, notNegative, whole } from "../options.ts";
import type { EpochEvent, TrainCallback } from "../types.ts";

export interface EarlyStopOptions {
  /** Epochs without a better value before the run ends. */
  readonly patience: number;
  /** What must get better: a loss falls, an accuracy rises. Default `testLoss`. */
  readonly metric?: "testLoss" | "testAccuracy" | "trainLoss" | "trainAccuracy";
  /** By how much at least. Default 0. */
  readonly minDelta?: number;
}

/**
 * Ends the run after `patience` epochs without a better value. It remembers nothing: the history of
 * the run tells.
 *
 * @throws InvalidOptionError for a value out of range.
 */
export function earlyStop({
  patience,
  metric = "testLoss",
  minDelta = 0,
}: EarlyStopOptions): TrainCallback {
  assertOptions("earlyStop", { patience, minDelta }, { patience: whole, minDelta: notNegative });
  const sign = metric.endsWith("Loss") ? -1 : 1;
  const score = (event: EpochEvent): number => sign * (event[metric] ?? -Infinity);
  return (event, { history, stop }) => {
    if (event.event !== "epoch") return;
    let best = 0;
    history.forEach((epoch, i) => {
      if (score(epoch) > score(history[best]!) + minDelta) best = i;
    });
    const waited = history.length - 1 - best;
    if (waited >= patience) {
      stop(`${metric} has not got better for ${waited} epochs`);
    }
  };
}
