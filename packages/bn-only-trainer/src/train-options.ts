import type {
  Network,
  RunningStatistic,
  Selector,
  TrainableSelection,
} from "@bn-only/frozen-layers";
import type { Condition } from "./conditions.ts";
import { InvalidOptionError } from "./errors.ts";
import type { Optimizer } from "./optimizers/optimizer.ts";
import { assertOptions, whole } from "./options.ts";
import { paperRecipe } from "./recipe.ts";
import type { Callback } from "./run-callbacks.ts";
import type { Schedule } from "./schedules/schedule.ts";
import type { TrainingState } from "./state/training-state.ts";
import type { BatchSource } from "./types.ts";

export interface TrainOptions {
  /** Changed in place: its trainable parameters and running statistics move. */
  readonly network: Network;
  readonly data: {
    readonly train: BatchSource;
    /** Evaluated after every epoch. */
    readonly test?: BatchSource;
  };
  /** What trains: a condition of the paper or `{ select }` with any selection. Default `bn`. */
  readonly condition?: Condition | { readonly select: TrainableSelection };
  /**
   * Running statistics that stand still and normalise in training. Default: all of them where only the
   * head of a trained network trains, none otherwise.
   */
  readonly fixedStatistics?: Selector<RunningStatistic>;
  /** Default 160, the paper's. */
  readonly epochs?: number;
  /** Images per step. Default 128, the paper's; the last step of an epoch takes what is left. */
  readonly batchSize?: number;
  /** Default: `sgd()`, as in the paper. */
  readonly optimizer?: Optimizer;
  /** Default: `milestones()`, as in the paper. */
  readonly schedule?: Schedule;
  readonly callbacks?: readonly Callback[];
  /** Stops between two steps; `train` then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** The state of an interrupted run, which goes on from there to the same bits. */
  readonly resume?: TrainingState;
}

const names: Readonly<Record<keyof TrainOptions, string>> = {
  network: "a Network",
  data: "{ train, test? } with sources of batches",
  condition: "a name, or { select }",
  fixedStatistics: "a selector",
  epochs: "a whole number",
  batchSize: "a whole number",
  optimizer: "an optimiser, such as sgd()",
  schedule: "a schedule, such as milestones()",
  callbacks: "a list",
  signal: "an AbortSignal",
  resume: "a state, such as decodeState() gives",
};

/**
 * What the compiler would say, for those who have none.
 *
 * @throws InvalidOptionError for a name that no option has, and for a value of the wrong kind.
 */
export function checkTrainOptions(options: TrainOptions): void {
  const unknown = Object.keys(options ?? {}).find((name) => !Object.hasOwn(names, name));
  if (unknown !== undefined) {
    throw new InvalidOptionError(
      `train: there is no option "${unknown}". Options are ${Object.keys(names).join(", ")}.`,
    );
  }
  const {
    network,
    data,
    condition = "bn",
    optimizer,
    schedule,
    callbacks = [],
    resume,
  } = options ?? {};
  const { epochs = paperRecipe.epochs, batchSize = paperRecipe.batchSize } = options ?? {};
  const isSource = (source: unknown): boolean => hasMethods(source, "batches");
  check("network", network, hasMethods(network, "setTrainable", "fingerprint"));
  check("data", data, isSource(data?.train) && (data.test === undefined || isSource(data.test)));
  check("condition", condition, typeof condition === "string" || hasField(condition, "select"));
  check("optimizer", optimizer, optimizer === undefined || hasMethods(optimizer, "init", "update"));
  check("schedule", schedule, schedule === undefined || typeof schedule === "function");
  check("callbacks", callbacks, Array.isArray(callbacks));
  check("resume", resume, resume === undefined || hasField(resume, "identity"));
  assertOptions("train", { epochs, batchSize }, { epochs: whole, batchSize: whole });
}

function check(name: keyof TrainOptions, value: unknown, fits: boolean): void {
  if (fits) return;
  throw new InvalidOptionError(
    `train: ${name} must be ${names[name]}, got ${value === null ? "null" : typeof value}.`,
  );
}

function hasField(value: unknown, name: string): boolean {
  return typeof value === "object" && value !== null && name in value;
}

function hasMethods(value: unknown, ...methods: readonly string[]): boolean {
  return (
    typeof value === "object" &&
    value !== null &&
    methods.every((name) => typeof (value as Record<string, unknown>)[name] === "function")
  );
}
