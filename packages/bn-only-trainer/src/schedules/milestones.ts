import { show } from "@bn-only/errors";
import { assertNames } from "../check.ts";
import { InvalidOptionError } from "../errors.ts";
import { assertOptions, positive } from "../options.ts";
import { paperRecipe } from "../recipe.ts";
import type { Schedule } from "./schedule.ts";

/** Options of `milestones`: when the learning rate drops, and by how much. */
export interface MilestonesOptions {
  /** Before the first milestone. Default 0.1. */
  readonly learningRate?: number | undefined;
  /** Fractions of all steps, or of those after a `warmup`, after which the learning rate drops. Default 1/2 and 3/4. */
  readonly at?: readonly number[] | undefined;
  /** Of each drop. Default 0.1. */
  readonly factor?: number | undefined;
}

/** Of a step: 0.55 of 100 steps are 55.00000000000001 in float64. */
const ROUNDING = 1e-9;

const isShare = (value: unknown): boolean => typeof value === "number" && value > 0 && value < 1;

/**
 * `learningRate · factor^d` after d milestones, counted in steps of the whole run and not in epochs, as
 * in the paper's code; `torch.optim.lr_scheduler.MultiStepLR` by steps. The defaults are the paper's.
 *
 * @throws InvalidOptionError for a value out of range.
 */
export function milestones(options: MilestonesOptions = {}): Schedule {
  assertNames("milestones", options, { learningRate: true, at: true, factor: true });
  const { learningRate = paperRecipe.learningRate, at = paperRecipe.milestones } = options;
  const { factor = paperRecipe.learningRateDecay } = options;
  assertOptions(
    "milestones",
    { learningRate, factor },
    { learningRate: positive, factor: positive },
  );
  if (!Array.isArray(at) || !at.every(isShare)) {
    throw new InvalidOptionError(
      `milestones: at must hold fractions between 0 and 1 of all steps, got ${show(at)}.`,
    );
  }
  return (step, steps) => {
    const passed = at.filter((milestone) => step >= milestone * steps - ROUNDING);
    return learningRate * passed.reduce((product) => product * factor, 1);
  };
}
