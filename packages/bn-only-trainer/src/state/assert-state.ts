import { show } from "@bn-only/errors";
import { assertThat } from "../check.ts";
import { InvalidOptionError } from "../errors.ts";
import { invalidField } from "./fields.ts";
import type { TrainingState } from "./training-state.ts";

/**
 * What the compiler would say of a state, for those who have none.
 *
 * @param subject who got it, `train: resume`
 * @throws InvalidOptionError that names the first field that is not what a state has there.
 */
export function assertState(subject: string, state: unknown): asserts state is TrainingState {
  const isObject = typeof state === "object" && state !== null;
  assertThat(isObject, subject, "a state, as decodeState gives it", state);
  const given = state as Record<keyof TrainingState, unknown>;
  const invalid =
    invalidField(given) ?? maps.find((name) => !isMapOf(given[name], isArray)) ?? callbacks(given);
  if (invalid === undefined) return;
  throw new InvalidOptionError(
    `${subject}: no state has such a value of "${invalid}", got ${show(given[invalid])}. Use what decodeState gives.`,
  );
}

const maps = ["parameters", "indices", "statistics", "optimizer"] as const;

function callbacks(given: Record<keyof TrainingState, unknown>): "callbacks" | undefined {
  const fits = isMapOf(given.callbacks, (entries) => isMapOf(entries, isArray));
  return fits ? undefined : "callbacks";
}

function isArray(value: unknown): boolean {
  return value instanceof Float32Array || value instanceof Int32Array;
}

function isMapOf(value: unknown, fits: (member: unknown) => boolean): boolean {
  return (
    value instanceof Map &&
    [...value].every(([name, member]) => typeof name === "string" && fits(member))
  );
}
