import { show } from "@bn-only/errors";
import { assertNames } from "../check.ts";
import { InvalidOptionError } from "../errors.ts";
import { assertOptions, notNegative, whole } from "../options.ts";
import type { EpochEvent, NamedCallback } from "../types.ts";

/** Options of `earlyStop`. */
export interface EarlyStopOptions {
  /** Epochs without a better value before the run ends. */
  readonly patience: number;
  /** What must get better: a loss falls, an accuracy rises. Default `testLoss`. */
  readonly metric?: "testLoss" | "testAccuracy" | "trainLoss" | "trainAccuracy" | undefined;
  /** By more than this it must get better to count. Default 0. */
  readonly minDelta?: number | undefined;
}

const metrics = ["testLoss", "testAccuracy", "trainLoss", "trainAccuracy"] as const;

/**
 * Ends the run after `patience` epochs without a better value. It remembers nothing: the history of
 * the run tells.
 *
 * @throws InvalidOptionError for a value out of range, and in training for a metric that the run does not have.
 */
export function earlyStop(options: EarlyStopOptions): NamedCallback {
  assertNames("earlyStop", options, { patience: true, metric: true, minDelta: true });
  const { patience, metric = "testLoss", minDelta = 0 } = options;
  assertOptions("earlyStop", { patience, minDelta }, { patience: whole, minDelta: notNegative });
  if (!metrics.includes(metric)) {
    throw new InvalidOptionError(
      `earlyStop: metric must be one of ${metrics.join(", ")}, got ${show(metric)}.`,
    );
  }
  const sign = metric.endsWith("Loss") ? -1 : 1;
  const score = (event: EpochEvent): number => {
    const value = event[metric];
    if (value !== undefined) return sign * value;
    throw new InvalidOptionError(
      `earlyStop: the run has no ${metric}. Give it test data, or watch trainLoss.`,
    );
  };
  return {
    name: "earlyStop",
    looksAt: () => false,
    on(event, { history, stop }) {
      if (event.event !== "epoch") return;
      let best = 0;
      history.forEach((epoch, i) => {
        if (score(epoch) > score(history[best]!) + minDelta) best = i;
      });
      const waited = history.length - 1 - best;
      if (waited >= patience) stop(`${metric} has not got better for ${waited} epochs`);
    },
  };
}
