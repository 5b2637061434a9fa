import {
  adam,
  adamw,
  constant,
  cosine,
  milestones,
  paperRecipe,
  type Optimizer,
  type Schedule,
  sgd,
  warmup,
} from "@bn-only/trainer";

/** What of a run's options says how parameters follow gradients. */
export interface RecipeOptions {
  readonly optimizer: OptimizerName;
  readonly learningRate: number;
  /** Of SGD; default: the paper's. */
  readonly momentum?: number;
  readonly nesterov?: boolean;
  readonly weightDecay: number;
  readonly schedule: ScheduleName;
  /** Shares of the steps after the warm-up, after which the learning rate drops tenfold. Default: the paper's 1/2 and 3/4. */
  readonly milestones?: readonly number[];
  /** Steps, or a share of all steps below 1. */
  readonly warmup?: number;
}

const optimizers = {
  sgd: ({ momentum = paperRecipe.momentum, weightDecay, nesterov = false }: RecipeOptions) =>
    sgd({ momentum, weightDecay, nesterov }) as Optimizer,
  adam: ({ weightDecay }: RecipeOptions) => adam({ weightDecay }) as Optimizer,
  adamw: ({ weightDecay }: RecipeOptions) => adamw({ weightDecay }) as Optimizer,
};

const schedules = {
  milestones: ({ learningRate, milestones: at }: RecipeOptions) =>
    milestones({ learningRate, ...(at && { at }) }),
  cosine: ({ learningRate }: RecipeOptions) => cosine({ learningRate }),
  constant: ({ learningRate }: RecipeOptions) => constant(learningRate),
};

export type OptimizerName = keyof typeof optimizers;
export type ScheduleName = keyof typeof schedules;

export const optimizerNames = Object.keys(optimizers) as readonly OptimizerName[];
export const scheduleNames = Object.keys(schedules) as readonly ScheduleName[];

/** @throws InvalidOptionError for numbers that the optimiser or the schedule cannot take. */
export function recipeOf(options: RecipeOptions): { optimizer: Optimizer; schedule: Schedule } {
  const schedule = schedules[options.schedule](options);
  return {
    optimizer: optimizers[options.optimizer](options),
    schedule: options.warmup ? warmup(schedule, options.warmup) : schedule,
  };
}
