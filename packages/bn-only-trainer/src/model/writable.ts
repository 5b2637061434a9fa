import { quoted, show } from "@bn-only/errors";
import { ModelFileError } from "../errors.ts";
import { isWellFormed } from "./header.ts";
import type { SafetensorsFile, StoredTensor } from "./safetensors.ts";

/** @throws ModelFileError for contents that a reader of the format would refuse, or take for something else. */
export function assertWritable({ metadata, tensors }: SafetensorsFile): void {
  for (const [key, value] of metadata) {
    if (isText(key) && isText(value)) continue;
    throw new ModelFileError(
      `model file: the value of ${quoted(String(key))} must be text, got ${describe(value)}. ` +
        `Write numbers as String(value), and anything else as JSON.`,
    );
  }
  for (const [name, tensor] of tensors) {
    const { shape, values } = (tensor ?? {}) as Partial<StoredTensor>;
    if (!isText(name) || name === "__metadata__") {
      throw new ModelFileError(
        `model file: ${quoted(String(name))} cannot name a tensor. Choose another name.`,
      );
    }
    if (!(values instanceof Float32Array || values instanceof Int32Array)) {
      throw new ModelFileError(
        `model file: tensor ${quoted(name)} must be a Float32Array or an Int32Array, got ${show(values)}.`,
      );
    }
    if (!Array.isArray(shape)) {
      throw new ModelFileError(
        `model file: tensor ${quoted(name)} has no shape, got ${show(shape)}.`,
      );
    }
    const size = shape.reduce((product, length) => product * length, 1);
    const lengths = shape.every((length) => Number.isSafeInteger(length) && length >= 0);
    if (lengths && size === values.length) continue;
    throw new ModelFileError(
      `model file: tensor ${quoted(name)} of shape [${shape.join(",")}] has ${values.length} numbers.`,
    );
  }
}

function isText(value: unknown): value is string {
  return typeof value === "string" && isWellFormed(value);
}

function describe(value: unknown): string {
  return typeof value === "string" ? "half of a surrogate pair in it" : show(value);
}
