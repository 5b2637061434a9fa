import { assertNames } from "../check.ts";
import { assertOptions, notNegative, positive } from "../options.ts";
import { paperRecipe } from "../recipe.ts";
import { halfWave } from "./half-wave.ts";
import type { Schedule } from "./schedule.ts";

/** Options of `cosine`: the learning rates at both ends. */
export interface CosineOptions {
  /** At the first step. Default 0.1. */
  readonly learningRate?: number | undefined;
  /** Where it would arrive one step after the last. Default 0. */
  readonly end?: number | undefined;
}

/**
 * `end + (learningRate − end) · (1 + cos(π · step / steps)) / 2`, Loshchilov & Hutter 2017 without
 * restarts; `torch.optim.lr_scheduler.CosineAnnealingLR` with `T_max` the steps of the run.
 *
 * @throws InvalidOptionError for a value out of range.
 */
export function cosine(options: CosineOptions = {}): Schedule {
  assertNames("cosine", options, { learningRate: true, end: true });
  const { learningRate = paperRecipe.learningRate, end = 0 } = options;
  assertOptions("cosine", { learningRate, end }, { learningRate: positive, end: notNegative });
  return (step, steps) => end + (learningRate - end) * halfWave(step / steps);
}
