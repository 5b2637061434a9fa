import { InvalidOptionError } from "./errors.ts";
import { assertOptions, whole } from "./options.ts";
import { paperRecipe } from "./recipe.ts";
import type { TrainOptions } from "./train.ts";

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
