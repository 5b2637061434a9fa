import { ModelFileError } from "../errors.ts";
import { assertState } from "./assert-state.ts";
import { decodeSafetensors, encodeSafetensors, type StoredTensor } from "../model/safetensors.ts";
import type { EpochEvent } from "../types.ts";
import type { EpochSums, RunIdentity, TrainingState } from "./training-state.ts";

const FORMAT = "bn-only-state";
const VERSION = "1";

/** Where each group of tensors lies in the file. */
const groups = ["parameters", "indices", "statistics", "optimizer"] as const;
const CALLBACKS = "callbacks";

/** A state as one `.safetensors` file: numbers as tensors, everything else in the metadata. */
export function encodeState(state: TrainingState): Uint8Array {
  assertState("encodeState", state);
  const tensors = new Map<string, StoredTensor>();
  const store = (name: string, values: StoredTensor["values"]): void =>
    void tensors.set(name, { shape: [values.length], values });
  for (const group of groups) {
    for (const [name, values] of state[group]) store(`${group}/${name}`, values);
  }
  for (const [callback, entries] of state.callbacks) {
    for (const [name, values] of entries) store(`${CALLBACKS}/${callback}/${name}`, values);
  }
  const { identity, step, sums, history, seconds, fixedStatistics, stopped } = state;
  const metadata = new Map([
    ["format", FORMAT],
    ["version", VERSION],
    // JSON has every finite float64 exactly, and a run that diverges ends before a state of it is taken.
    ["state", JSON.stringify({ identity, step, sums, history, seconds, fixedStatistics, stopped })],
  ]);
  return encodeSafetensors({ metadata, tensors });
}

/** @throws ModelFileError when the bytes are no state of a version that this package knows. */
export function decodeState(bytes: Uint8Array): TrainingState {
  const { metadata, tensors } = decodeSafetensors(bytes);
  if (metadata.get("format") !== FORMAT || metadata.get("version") !== VERSION) {
    throw new ModelFileError(
      `state file: expected ${FORMAT} version ${VERSION}, got ${metadata.get("format") ?? "another file"} ` +
        `version ${metadata.get("version") ?? "?"}. Name a checkpoint of bn-only, or update it.`,
    );
  }
  const within = <Values>(group: string): ReadonlyMap<string, Values> => {
    const prefix = `${group}/`;
    const entries = [...tensors].filter(([name]) => name.startsWith(prefix));
    return new Map(
      entries.map(([name, { values }]) => [name.slice(prefix.length), values as Values]),
    );
  };
  const callbacks = new Map<string, Map<string, Float32Array>>();
  for (const [path, values] of within<Float32Array>(CALLBACKS)) {
    const cut = path.indexOf("/");
    const name = path.slice(0, cut);
    const entries = callbacks.get(name) ?? new Map<string, Float32Array>();
    callbacks.set(name, entries.set(path.slice(cut + 1), values));
  }
  return {
    ...fieldsOf(metadata.get("state") ?? ""),
    parameters: within("parameters"),
    indices: within("indices"),
    statistics: within("statistics"),
    optimizer: within("optimizer"),
    callbacks,
  };
}

interface Fields {
  readonly identity: RunIdentity;
  readonly step: number;
  readonly sums: EpochSums;
  readonly history: readonly EpochEvent[];
  readonly seconds: number;
  readonly fixedStatistics: readonly string[];
  readonly stopped?: string;
}

function fieldsOf(json: string): Fields {
  let fields: Partial<Fields> | null;
  try {
    fields = JSON.parse(json) as Partial<Fields> | null;
  } catch {
    fields = null;
  }
  const { identity, step, sums, history, seconds, fixedStatistics, stopped } = fields ?? {};
  const numbers = [step, seconds, sums?.loss, sums?.correct, sums?.images];
  if (
    !identity ||
    !Array.isArray(history) ||
    !Array.isArray(fixedStatistics) ||
    !numbers.every((value) => Number.isFinite(value) && value! >= 0)
  ) {
    throw new ModelFileError(
      "state file: its metadata are not those of a state. Use an earlier one.",
    );
  }
  return {
    identity,
    step: step!,
    sums: sums!,
    history,
    seconds: seconds!,
    fixedStatistics,
    ...(typeof stopped === "string" && { stopped }),
  };
}
