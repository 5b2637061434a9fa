import { show } from "@bn-only/errors";
import { ModelFileError } from "../errors.ts";
import type { Model } from "./model.ts";
import type { SafetensorsFile, StoredTensor } from "./safetensors.ts";

// What the compiler would say, for those who have none.

/** @throws ModelFileError unless they are texts by name. */
export function assertNotes(notes: unknown): void {
  const fits =
    typeof notes === "object" &&
    notes !== null &&
    !Array.isArray(notes) &&
    Object.values(notes).every((note) => typeof note === "string");
  if (fits) return;
  throw new ModelFileError(`saveModel: notes must be texts by name, got ${show(notes)}.`);
}

/** @throws ModelFileError unless it has what `readModel` gives. */
export function assertModel(model: unknown): asserts model is Model {
  const { metadata, tensors } = Object(model) as Partial<Model>;
  const { architecture, fingerprint } = Object(metadata) as Partial<Model["metadata"]>;
  const named = [architecture, fingerprint].every((text) => typeof text === "string");
  if (named && isTensors(tensors)) return;
  throw new ModelFileError(
    `restoreModel: expected a model, as readModel gives it, got ${show(model)}.`,
  );
}

/** @throws ModelFileError unless it is made of a map of texts and a map of tensors. */
export function assertContents(file: unknown): asserts file is SafetensorsFile {
  const { metadata, tensors } = Object(file) as Partial<SafetensorsFile>;
  const texts =
    metadata instanceof Map && [...metadata].flat().every((text) => typeof text === "string");
  if (texts && isTensors(tensors)) return;
  throw new ModelFileError(
    `encodeSafetensors: expected { metadata, tensors }, a Map of texts and one of { shape, values }, got ${show(file)}.`,
  );
}

/** @throws ModelFileError unless they are bytes. */
export function assertBytes(bytes: unknown): asserts bytes is Uint8Array {
  if (bytes instanceof Uint8Array) return;
  throw new ModelFileError(
    `model file: expected its bytes in a Uint8Array, got ${show(bytes)}. Read the file first.`,
  );
}

function isTensors(value: unknown): boolean {
  return (
    value instanceof Map &&
    [...value].every(([name, stored]) => typeof name === "string" && isTensor(stored))
  );
}

function isTensor(value: unknown): boolean {
  const { shape, values } = Object(value) as Partial<StoredTensor>;
  if (!(values instanceof Float32Array || values instanceof Int32Array)) return false;
  if (!Array.isArray(shape) || !shape.every((length) => Number.isSafeInteger(length))) return false;
  return shape.reduce((product, length) => product * length, 1) === values.length;
}
