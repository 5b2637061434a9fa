import { batchNormInitializers, weightInitializers } from "@bn-only/frozen-layers";
import { isCondition } from "@bn-only/trainer";
import { augmentationNames } from "../data/augmentation.ts";
import { normalizationNames } from "../data/normalization.ts";
import { UsageError } from "../errors.ts";
import {
  among,
  flag,
  listOf,
  natural,
  number,
  only,
  optional,
  type Shape,
  text,
} from "../run/shape.ts";
import type { TrainingOptions } from "./options.ts";
import { optimizerNames, scheduleNames } from "./recipe.ts";

/** What the options in a `run.json` look like; what their numbers may be is checked where they are used. */
export const optionShapes: Readonly<Record<keyof TrainingOptions, Shape>> = {
  dataset: text,
  normalization: among(normalizationNames),
  augment: flag,
  augmentation: optional(among(augmentationNames)),
  condition: only((value) => typeof value === "string" && isCondition(value)),
  backend: text,
  fma: flag,
  epochs: number,
  batchSize: number,
  optimizer: among(optimizerNames),
  learningRate: number,
  weightDecay: number,
  schedule: among(scheduleNames),
  seed: number,
  momentum: optional(number),
  nesterov: optional(flag),
  warmup: optional(number),
  milestones: optional(listOf(number)),
  dataDir: optional(text),
  trainSize: optional(number),
  testSize: optional(number),
  inputShape: optional(listOf(natural)),
  classes: optional(number),
  threads: optional(number),
  weightInit: among(Object.keys(weightInitializers)),
  batchNormInit: among(Object.keys(batchNormInitializers)),
  checkpointedStages: number,
  checkpointEvery: text,
  report: flag,
  plugin: optional(listOf(text)),
};

/** @throws UsageError for options of a file that was edited, or that another version wrote. */
export function checkOptions(file: string, options: TrainingOptions): void {
  for (const [name, shape] of Object.entries(optionShapes)) {
    const value = options[name as keyof TrainingOptions];
    if (shape(value) === undefined) continue;
    const found = value === undefined ? `no ${name}` : `the ${name} ${shown(value)}`;
    throw new UsageError(
      `${file} has ${found} among its options, so the run cannot go on. Train it again with this version.`,
    );
  }
}

/** Short, whatever it is. */
function shown(value: unknown): string {
  if (typeof value === "object" && value !== null) return Array.isArray(value) ? "[…]" : "{…}";
  return JSON.stringify(value).slice(0, 80);
}
