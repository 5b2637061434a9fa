import { InvalidOptionError } from "./errors.ts";

/** The paper's CIFAR-10 recipe is the default of every field. */
export interface Hyperparameters {
  /** Default 160. */
  readonly epochs: number;
  /** Images per step. Default 128; the last step of an epoch takes what is left. */
  readonly batchSize: number;
  /** Default 0.1. */
  readonly learningRate: number;
  /** Default 0.9. */
  readonly momentum: number;
  /** L2 penalty on everything that trains, gamma and beta included. Default 1e-4. */
  readonly weightDecay: number;
  /** Fractions of all steps after which the learning rate drops. Default 1/2 and 3/4. */
  readonly milestones: readonly number[];
  /** Factor of each drop. Default 0.1. */
  readonly learningRateDecay: number;
}

export const defaultHyperparameters: Hyperparameters = {
  epochs: 160,
  batchSize: 128,
  learningRate: 0.1,
  momentum: 0.9,
  weightDecay: 1e-4,
  milestones: [0.5, 0.75],
  learningRateDecay: 0.1,
};

type Rule = readonly [fits: (value: number) => boolean, expected: string];

const positive: Rule = [(value) => value > 0 && Number.isFinite(value), "a number above 0"];
const whole: Rule = [(value) => Number.isSafeInteger(value) && value >= 1, "a whole number from 1"];
const fraction: Rule = [(value) => value >= 0 && value < 1, "a number from 0 to below 1"];
const rules: Readonly<Record<Exclude<keyof Hyperparameters, "milestones">, Rule>> = {
  epochs: whole,
  batchSize: whole,
  learningRate: positive,
  momentum: fraction,
  weightDecay: [(value) => value >= 0 && Number.isFinite(value), "a number from 0"],
  learningRateDecay: positive,
};

/**
 * Completes hyperparameters with the defaults.
 *
 * @throws InvalidOptionError for a value out of range, NaN included.
 */
export function resolveHyperparameters(given: Partial<Hyperparameters> = {}): Hyperparameters {
  const resolved = { ...defaultHyperparameters, ...given };
  for (const [name, [fits, expected]] of Object.entries(rules)) {
    const value = resolved[name as keyof typeof rules];
    if (typeof value !== "number" || !fits(value)) {
      throw new InvalidOptionError(`train: ${name} must be ${expected}, got ${String(value)}.`);
    }
  }
  if (!resolved.milestones.every((milestone) => milestone > 0 && milestone < 1)) {
    throw new InvalidOptionError(
      `train: milestones must be fractions between 0 and 1 of all steps, got [${resolved.milestones.join(", ")}].`,
    );
  }
  return resolved;
}
