import { optionFault, show } from "@bn-only/errors";
import type {
  Network,
  RunningStatistic,
  Selector,
  TrainableSelection,
} from "@bn-only/frozen-layers";
import { assertNames, assertNetwork, assertSignal, hasMethods } from "./check.ts";
import type { Condition } from "./conditions.ts";
import { InvalidOptionError } from "./errors.ts";
import type { Optimizer } from "./optimizers/optimizer.ts";
import { assertOptions, whole } from "./options.ts";
import { paperRecipe } from "./recipe.ts";
import type { Callback } from "./run-callbacks.ts";
import type { Schedule } from "./schedules/schedule.ts";
import { assertState } from "./state/assert-state.ts";
import type { TrainingState } from "./state/training-state.ts";
import type { BatchSource } from "./types.ts";

/**
 * Options of `train`. With `network` and `data` alone it trains BatchNorm by the paper's recipe (arXiv
 * 2003.00152, section 3).
 */
export interface TrainOptions {
  /** Changed in place: its trainable parameters and running statistics move. */
  readonly network: Network;
  readonly data: {
    readonly train: BatchSource;
    /** Evaluated after every epoch. */
    readonly test?: BatchSource | undefined;
  };
  /** What trains: a condition of the paper or `{ select }` with any selection. Default `bn`. */
  readonly condition?: Condition | { readonly select: TrainableSelection } | undefined;
  /**
   * Running statistics that stand still and normalise in training. Default: all of them where only the
   * head of a trained network trains, none otherwise.
   */
  readonly fixedStatistics?: Selector<RunningStatistic> | undefined;
  /** Default 160, the paper's. */
  readonly epochs?: number | undefined;
  /** Images per step. Default 128, the paper's; the last step of an epoch takes what is left. */
  readonly batchSize?: number | undefined;
  /** Default: `sgd()`, as in the paper. */
  readonly optimizer?: Optimizer | undefined;
  /** Default: `milestones()`, as in the paper. */
  readonly schedule?: Schedule | undefined;
  readonly callbacks?: readonly Callback[] | undefined;
  /** Stops between two steps; `train` then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** The state of an interrupted run, which goes on from there to the same bits. */
  readonly resume?: TrainingState | undefined;
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

const known = Object.fromEntries(Object.keys(names).map((name) => [name, true])) as Readonly<
  Record<keyof TrainOptions, true>
>;

/**
 * What the compiler would say, for those who have none.
 *
 * @throws InvalidOptionError for a name that no option has, and for a value of the wrong kind.
 */
export function checkTrainOptions(options: TrainOptions): void {
  const fault = optionFault<TrainOptions>("train", options, known);
  if (fault !== undefined) {
    const told = elsewhere.some((name) => Object.hasOwn(Object(options) as object, name));
    const advice = told
      ? " The learning rate is the schedule's, milestones({ learningRate }); the rest is the optimiser's, sgd({ momentum })."
      : "";
    throw new InvalidOptionError(fault + advice);
  }
  const {
    network,
    data,
    condition = "bn",
    optimizer,
    schedule,
    callbacks = [],
    resume,
    signal,
  } = options;
  const { epochs = paperRecipe.epochs, batchSize = paperRecipe.batchSize } = options;
  assertNetwork("train", network);
  check("data", data, typeof data === "object" && data !== null);
  assertNames("train: data", data, { train: true, test: true });
  const isSource = (source: unknown): boolean => hasMethods(source, "batches");
  check("data", data, isSource(data.train) && (data.test === undefined || isSource(data.test)));
  check("condition", condition, typeof condition === "string" || hasField(condition, "select"));
  if (typeof condition === "object") assertNames("train: condition", condition, { select: true });
  check("optimizer", optimizer, optimizer === undefined || isOptimizer(optimizer));
  check("schedule", schedule, schedule === undefined || typeof schedule === "function");
  check("callbacks", callbacks, Array.isArray(callbacks));
  if (resume !== undefined) assertState("train: resume", resume);
  assertSignal("train", signal);
  assertOptions("train", { epochs, batchSize }, { epochs: whole, batchSize: whole });
}

/** Where the learning rate is asked for by the name that it has elsewhere. */
const elsewhere = ["lr", "learningRate", "momentum", "weightDecay"];

function check(name: keyof TrainOptions, value: unknown, fits: boolean): void {
  if (fits) return;
  throw new InvalidOptionError(`train: ${name} must be ${names[name]}, got ${show(value)}.`);
}

function isOptimizer(value: unknown): boolean {
  const { name, options } = Object(value) as Record<string, unknown>;
  const plain = (option: unknown): boolean => ["number", "boolean"].includes(typeof option);
  return (
    hasMethods(value, "init", "update") &&
    typeof name === "string" &&
    typeof options === "object" &&
    options !== null &&
    Object.values(options).every(plain)
  );
}

function hasField(value: unknown, name: string): boolean {
  return typeof value === "object" && value !== null && name in value;
}
