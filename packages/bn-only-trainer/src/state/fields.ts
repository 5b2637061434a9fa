import { ModelFileError } from "../errors.ts";
import type { EpochEvent } from "../types.ts";
import type { RunIdentity, TrainingState } from "./training-state.ts";

type Fields = Omit<
  TrainingState,
  "parameters" | "indices" | "statistics" | "optimizer" | "callbacks"
>;

type Check = (value: unknown) => boolean;

const text: Check = (value) => typeof value === "string";
const number: Check = (value) => Number.isFinite(value) && (value as number) >= 0;
const whole: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);
const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);
const recordOf =
  (checks: Readonly<Record<string, Check>>): Check =>
  (value) =>
    typeof value === "object" &&
    value !== null &&
    Object.entries(checks).every(([key, fits]) =>
      fits((value as Readonly<Record<string, unknown>>)[key]),
    );

const identityFields: Readonly<Record<keyof RunIdentity, Check>> = {
  network: text,
  seed: whole,
  fingerprint: text,
  epochs: whole,
  batchSize: whole,
  trainSize: whole,
  optimizer: text,
  learningRates: listOf(number),
  firstBatch: optional(text),
};

const epochFields: Readonly<Record<keyof EpochEvent, Check>> = {
  event: (value) => value === "epoch",
  epoch: whole,
  trainLoss: number,
  trainAccuracy: number,
  testLoss: optional(number),
  testAccuracy: optional(number),
  learningRate: number,
  seconds: number,
  imagesPerSecond: number,
};

const fields: Readonly<Record<keyof Fields, Check>> = {
  identity: recordOf(identityFields),
  step: whole,
  sums: recordOf({ loss: number, correct: whole, images: whole }),
  history: listOf(recordOf(epochFields)),
  stopped: optional(text),
  seconds: number,
  fixedStatistics: listOf(text),
};

/** The first field of a state that is missing or of another kind. */
export function invalidField(state: object): keyof Fields | undefined {
  const values = state as Readonly<Record<string, unknown>>;
  const names = Object.keys(fields) as (keyof Fields)[];
  return names.find((name) => !fields[name](values[name]));
}

/** @throws ModelFileError that names the first field of a state's JSON which is missing or of another kind. */
export function parseFields(json: string): Fields {
  let values: unknown;
  try {
    values = JSON.parse(json);
  } catch {
    values = undefined;
  }
  const found = (typeof values === "object" && values !== null ? values : {}) as Fields;
  const invalid = invalidField(found);
  if (invalid !== undefined) {
    throw new ModelFileError(
      `state file: its metadata have no valid "${invalid}", so they are not those of a state. Use an earlier one.`,
    );
  }
  const { identity, step, sums, history, stopped, seconds, fixedStatistics } = found;
  const rest = { identity, step, sums, history, seconds, fixedStatistics };
  return stopped === undefined ? rest : { ...rest, stopped };
}
