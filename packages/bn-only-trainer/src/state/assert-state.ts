import { show } from "@bn-only/errors";
import { InvalidOptionError } from "../errors.ts";
import type { TrainingState } from "./training-state.ts";

const texts = ["network", "fingerprint", "optimizer"] as const;
const counts = ["seed", "epochs", "batchSize", "trainSize"] as const;

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;
const isNumber = (value: unknown): boolean => Number.isFinite(value) && (value as number) >= 0;

/**
 * What the compiler would say of a state, for those who have none.
 *
 * @param subject who got it, `train: resume`
 * @throws InvalidOptionError that names the first field that is not what a state has there.
 */
export function assertState(subject: string, state: unknown): asserts state is TrainingState {
  const fail = (name: string, expected: string, value: unknown): never => {
    throw new InvalidOptionError(
      `${subject}: ${name} of the state must be ${expected}, got ${show(value)}. Use what decodeState() or a checkpoint gives.`,
    );
  };
  if (typeof state !== "object" || state === null) {
    throw new InvalidOptionError(
      `${subject} must be a state, such as decodeState() gives, got ${show(state)}.`,
    );
  }
  const { identity, step, sums, history, seconds, stopped, fixedStatistics, callbacks, ...rest } =
    state as Record<keyof TrainingState, unknown>;
  const known = Object(identity) as Record<string, unknown>;
  for (const name of texts) {
    if (typeof known[name] !== "string") fail(`identity.${name}`, "a text", known[name]);
  }
  for (const name of counts) {
    if (!isCount(known[name])) fail(`identity.${name}`, "a whole number from 0", known[name]);
  }
  const rates = known["learningRates"];
  if (!Array.isArray(rates) || !rates.every(isNumber)) {
    fail("identity.learningRates", "a list of numbers", rates);
  }
  if (!isCount(step)) fail("step", "a whole number from 0", step);
  if (!isNumber(seconds)) fail("seconds", "a number from 0", seconds);
  for (const [name, value] of Object.entries({
    loss: 0,
    correct: 0,
    images: 0,
    ...(sums as object),
  })) {
    if (!isNumber(value)) fail(`sums.${name}`, "a number from 0", value);
  }
  if (typeof sums !== "object" || sums === null) fail("sums", "{ loss, correct, images }", sums);
  if (!Array.isArray(history) || !history.every(isEpoch))
    fail("history", "a list of epochs", history);
  if (stopped !== undefined && typeof stopped !== "string") fail("stopped", "a text", stopped);
  const paths = fixedStatistics;
  if (!Array.isArray(paths) || !paths.every((path) => typeof path === "string")) {
    fail("fixedStatistics", "a list of paths", paths);
  }
  for (const name of ["parameters", "indices", "statistics", "optimizer"] as const) {
    if (!isMapOf(rest[name], isArray)) fail(name, "a Map of arrays", rest[name]);
  }
  if (!isMapOf(callbacks, (entries) => isMapOf(entries, isArray))) {
    fail("callbacks", "a Map of Maps of arrays", callbacks);
  }
}

function isEpoch(value: unknown): boolean {
  const { event, ...numbers } = Object(value) as Record<string, unknown>;
  return event === "epoch" && Object.values(numbers).every((number) => Number.isFinite(number));
}

const isArray = (value: unknown): boolean =>
  value instanceof Float32Array || value instanceof Int32Array;

function isMapOf(value: unknown, fits: (member: unknown) => boolean): boolean {
  return (
    value instanceof Map &&
    [...value].every(([name, member]) => typeof name === "string" && fits(member))
  );
}
