import { quoted, show } from "@bn-only/errors";
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
    invalidField(given) ?? [...kinds.keys(), callbacks].find((name) => !isMap(given[name]));
  if (invalid !== undefined) {
    throw new InvalidOptionError(
      `${subject}: no state has such a value of "${invalid}", got ${show(given[invalid])}. Use what decodeState gives.`,
    );
  }
  for (const [group, kind] of kinds) assertTensors(subject, group, given[group], kind);
  for (const [name, entries] of given[callbacks] as ReadonlyMap<string, unknown>) {
    assertTensors(subject, `${callbacks}/${name}`, entries, Float32Array);
  }
}

type Kind = typeof Float32Array | typeof Int32Array;

const callbacks = "callbacks" as const;
const kinds = new Map<"parameters" | "indices" | "statistics" | "optimizer", Kind>([
  ["parameters", Float32Array],
  ["indices", Int32Array],
  ["statistics", Float32Array],
  ["optimizer", Float32Array],
]);

/** Of another type a state could be written, but not read. */
function assertTensors(subject: string, path: string, entries: unknown, kind: Kind): void {
  const map = `a Map of names to ${kind.name}s`;
  assertThat(isMap(entries), `${subject}: ${quoted(path)}`, map, entries);
  const array = kind === Int32Array ? "an Int32Array" : "a Float32Array";
  for (const [name, values] of entries as ReadonlyMap<string, unknown>) {
    assertThat(values instanceof kind, `${subject}: ${quoted(`${path}/${name}`)}`, array, values);
  }
}

function isMap(value: unknown): boolean {
  return value instanceof Map && [...value.keys()].every((name) => typeof name === "string");
}
