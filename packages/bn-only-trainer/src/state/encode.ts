import { quoted } from "@bn-only/errors";
import { ModelFileError } from "../errors.ts";
import type { FileBytes } from "../model/bytes.ts";
import { assertChecksum, withChecksum } from "../model/checksum.ts";
import {
  decodeSafetensors,
  encodeSafetensors,
  type SafetensorsFile,
  type StoredTensor,
} from "../model/safetensors.ts";
import { assertState } from "./assert-state.ts";
import { parseFields } from "./fields.ts";
import type { TrainingState } from "./training-state.ts";

const FORMAT = "bn-only-state";
/** That is written; version 1 had no checksum. */
const VERSION = "2";

/** Where each group of tensors lies in the file. */
const groups = ["parameters", "indices", "statistics", "optimizer"] as const;
const CALLBACKS = "callbacks";

/**
 * A state as one `.safetensors` file: numbers as tensors, everything else in the metadata.
 *
 * @throws InvalidOptionError for what is no state.
 */
export function encodeState(state: TrainingState): Uint8Array {
  assertState("encodeState: the state", state);
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
  return encodeSafetensors(withChecksum({ metadata, tensors }));
}

/**
 * The state in a file of `encodeState`, for `train({ resume })`. Its checksum is verified; files of version 1
 * have none.
 *
 * @throws ModelFileError when the bytes are not a whole state of a version that this package knows.
 */
export function decodeState(file: FileBytes): TrainingState {
  try {
    return stateOf(decodeSafetensors(file));
  } catch (error) {
    if (!(error instanceof ModelFileError)) throw error;
    throw new ModelFileError(error.message.replace(/^model file/, "state file"));
  }
}

function stateOf(file: SafetensorsFile): TrainingState {
  const { metadata, tensors } = file;
  const [format, version] = [metadata.get("format"), metadata.get("version")];
  if (format !== FORMAT || (version !== "1" && version !== VERSION)) {
    throw new ModelFileError(
      `state file: expected ${FORMAT} version 1 or ${VERSION}, got ${quoted(format ?? "another file")} ` +
        `version ${quoted(version ?? "?")}. Name a checkpoint of bn-only, or update it.`,
    );
  }
  if (version === VERSION) assertChecksum(file);
  const callbacks = new Map<string, Map<string, Float32Array>>();
  for (const [path, values] of within(tensors, CALLBACKS, Float32Array)) {
    const cut = path.indexOf("/");
    if (cut === -1) {
      throw new ModelFileError(
        `state file: tensor ${quoted(`${CALLBACKS}/${path}`)} names no callback and value of its own. Use an earlier one.`,
      );
    }
    const name = path.slice(0, cut);
    const entries = callbacks.get(name) ?? new Map<string, Float32Array>();
    callbacks.set(name, entries.set(path.slice(cut + 1), values));
  }
  return {
    ...parseFields(metadata.get("state") ?? ""),
    parameters: within(tensors, "parameters", Float32Array),
    indices: within(tensors, "indices", Int32Array),
    statistics: within(tensors, "statistics", Float32Array),
    optimizer: within(tensors, "optimizer", Float32Array),
    callbacks,
  };
}

/** The tensors of a group, by the rest of their names. */
function within<Values extends StoredTensor["values"]>(
  tensors: ReadonlyMap<string, StoredTensor>,
  group: string,
  kind: new () => Values,
): ReadonlyMap<string, Values> {
  const found = new Map<string, Values>();
  for (const [name, { values }] of tensors) {
    if (!name.startsWith(`${group}/`)) continue;
    if (!(values instanceof kind)) {
      throw new ModelFileError(
        `state file: tensor ${quoted(name)} is not of the type that its group has. Use an earlier one.`,
      );
    }
    found.set(name.slice(group.length + 1), values);
  }
  return found;
}
