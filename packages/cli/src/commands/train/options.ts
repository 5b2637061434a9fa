import { UsageError } from "../../errors.ts";
import type { TrainingOptions } from "../../training/options.ts";
import { type Preset, presets } from "./presets.ts";

/** Of Adam and AdamW, unless another is given: that of torch.optim. */
export const ADAM_LEARNING_RATE = 1e-3;

export interface TrainCommandOptions extends TrainingOptions {
  readonly preset?: Preset;
  readonly out?: string;
  readonly overwrite?: boolean;
  readonly json?: boolean;
  /** Names of the options that were given by hand. */
  readonly byHand: ReadonlySet<string>;
}

/**
 * A preset's values wherever the user gave none himself, without what concerns this one call only.
 */
export function resolveOptions(given: TrainCommandOptions): TrainingOptions {
  const { preset, out: _out, overwrite: _overwrite, json: _json, byHand, ...options } = given;
  const values = Object.entries(preset === undefined ? {} : presets[preset]);
  const unlessByHand = values.filter(([name]) => !byHand.has(name));
  const resolved = { ...options, ...Object.fromEntries(unlessByHand) };
  if (byHand.has("milestones") && resolved.schedule !== "milestones") {
    throw new UsageError(
      `--milestones is of --schedule milestones, and ${resolved.schedule} does not take it. Leave one of them out.`,
    );
  }
  if (byHand.has("augmentation") && !resolved.augment) {
    throw new UsageError(
      `--augmentation ${resolved.augmentation} is how training images vary, and --no-augment says that they do not. Leave one of them out.`,
    );
  }
  return forOptimizer(resolved, byHand);
}

/** What is SGD's alone is refused for another optimiser, and its learning rate is not taken for theirs. */
function forOptimizer(options: TrainingOptions, byHand: ReadonlySet<string>): TrainingOptions {
  const { optimizer } = options;
  if (optimizer === "sgd") return options;
  const misplaced = ["momentum", "nesterov"].find((name) => byHand.has(name));
  if (misplaced !== undefined) {
    throw new UsageError(
      `--${misplaced} is of SGD, and --optimizer ${optimizer} does not take it. Leave one of them out.`,
    );
  }
  const { momentum: _momentum, ...rest } = options;
  return byHand.has("learningRate") ? rest : { ...rest, learningRate: ADAM_LEARNING_RATE };
}
