import { quoted } from "@bn-only/errors";
import { ModelFileError } from "../errors.ts";
import { assertContents } from "./arguments.ts";
import { bytesOf, type FileBytes } from "./bytes.ts";
import { asRecord, corrupt, isWellFormed, readHeader } from "./header.ts";
import { assertWritable } from "./writable.ts";

// The safetensors format, https://github.com/huggingface/safetensors: eight bytes with the length of
// a JSON header, the header, then the tensors without gaps. Reading it never executes anything.

/** Float32 or int32 values and their shape. */
export interface StoredTensor {
  readonly shape: readonly number[];
  readonly values: Float32Array | Int32Array;
}

/** What a `.safetensors` file holds: texts by name, and tensors by name. */
export interface SafetensorsFile {
  readonly metadata: ReadonlyMap<string, string>;
  readonly tensors: ReadonlyMap<string, StoredTensor>;
}

export type StoredType = "F32" | "I32";

export function typeOf(values: StoredTensor["values"]): StoredType {
  return values instanceof Int32Array ? "I32" : "F32";
}

/**
 * Tensors are laid out in the order of the map.
 *
 * @throws ModelFileError for what no reader would take: metadata that are not text, values that do not fill their shape.
 */
export function encodeSafetensors(contents: SafetensorsFile): Uint8Array {
  assertContents("encodeSafetensors", contents);
  assertWritable(contents);
  const { metadata, tensors } = contents;
  const header: [string, unknown][] = [["__metadata__", Object.fromEntries(metadata)]];
  let length = 0;
  for (const [name, { shape, values }] of tensors) {
    const end = length + values.byteLength;
    header.push([name, { dtype: typeOf(values), shape, data_offsets: [length, end] }]);
    length = end;
  }
  let json = JSON.stringify(Object.fromEntries(header));
  const encoder = new TextEncoder();
  // Padding with spaces aligns the data to eight bytes.
  json += " ".repeat((8 - (encoder.encode(json).length % 8)) % 8);
  const headerBytes = encoder.encode(json);

  const file = new Uint8Array(8 + headerBytes.length + length);
  const view = new DataView(file.buffer);
  view.setBigUint64(0, BigInt(headerBytes.length), true);
  file.set(headerBytes, 8);
  let offset = 8 + headerBytes.length;
  for (const { values } of tensors.values()) {
    for (const value of values) {
      if (values instanceof Int32Array) view.setInt32(offset, value, true);
      else view.setFloat32(offset, value, true);
      offset += 4;
    }
  }
  return file;
}

/**
 * Metadata and tensors of a `.safetensors` file (https://github.com/huggingface/safetensors), in the order in
 * which they lie there. The numbers are copied. Nothing is executed.
 *
 * @throws ModelFileError for anything but a well-formed file of float32 and int32 tensors without gaps.
 */
export function decodeSafetensors(file: FileBytes): SafetensorsFile {
  const bytes = bytesOf(file);
  const { entries: header, dataBegin } = readHeader(bytes);

  let metadata: ReadonlyMap<string, string> = new Map();
  const entries: ({ name: string } & Entry)[] = [];
  for (const [name, entry] of Object.entries(header)) {
    if (name === "__metadata__") metadata = parseMetadata(entry);
    else entries.push({ name, ...parseEntry(name, entry) });
  }

  // Tensors without numbers may stand between any two others.
  entries.sort((a, b) => a.begin - b.begin || a.end - b.end);
  let expected = 0;
  for (const { name, begin, end } of entries) {
    if (begin !== expected) {
      throw corrupt(`tensor ${quoted(name)} starts at byte ${begin}, not ${expected}`);
    }
    expected = end;
    if (dataBegin + end > bytes.byteLength) {
      throw corrupt(`it ends in the middle of tensor ${quoted(name)}`);
    }
  }
  if (dataBegin + expected !== bytes.byteLength) {
    throw corrupt(`${bytes.byteLength - dataBegin - expected} bytes follow the last tensor`);
  }
  const data = new DataView(bytes.buffer, bytes.byteOffset + dataBegin, expected);
  const tensors = entries.map(
    (entry) => [entry.name, { shape: entry.shape, values: readValues(data, entry) }] as const,
  );
  return { metadata, tensors: new Map(tensors) };
}

function readValues(data: DataView, { dtype, begin, end }: Entry): StoredTensor["values"] {
  const length = (end - begin) / 4;
  const values = dtype === "I32" ? new Int32Array(length) : new Float32Array(length);
  for (let i = 0; i < length; i++) {
    const at = begin + 4 * i;
    values[i] = dtype === "I32" ? data.getInt32(at, true) : data.getFloat32(at, true);
  }
  return values;
}

function parseMetadata(value: unknown): ReadonlyMap<string, string> {
  const metadata = new Map<string, string>();
  for (const [key, text] of Object.entries(asRecord(value, "__metadata__"))) {
    if (typeof text !== "string" || !isWellFormed(key + text)) {
      throw corrupt(`the value of ${quoted(key)} in its metadata is not text`);
    }
    metadata.set(key, text);
  }
  return metadata;
}

interface Entry {
  readonly shape: number[];
  readonly dtype: StoredType;
  readonly begin: number;
  readonly end: number;
}

/** Types of the format that a tensor may have in other programs. */
const otherTypes = /^(BOOL|[UI](8|16|32|64)|BF16|C64|F(4|6_\w+|8_\w+|16|64))$/;

function parseEntry(name: string, entry: unknown): Entry {
  const subject = `tensor ${quoted(name)}`;
  if (!isWellFormed(name)) throw corrupt(`the name of ${subject} is not text`);
  const { dtype, shape, data_offsets: offsets } = asRecord(entry, subject);
  if (dtype !== "F32" && dtype !== "I32") {
    if (typeof dtype !== "string" || !otherTypes.test(dtype)) {
      throw corrupt(`${subject} has no type of the format`);
    }
    throw new ModelFileError(
      `model file: ${subject} has the type ${dtype}; only F32 (float32) and I32 (int32) are read. ` +
        `Convert it to float32 before it is written.`,
    );
  }
  if (!isSizes(shape) || !isSizes(offsets) || offsets.length !== 2) {
    throw corrupt(`${subject} has no valid shape and offsets`);
  }
  const [begin, end] = offsets as [number, number];
  const bytes = shape.reduce((product, length) => product * length, 4);
  if (end - begin !== bytes) {
    const shown = shape.length > 8 ? `${shape.slice(0, 8).join(",")},…` : shape.join(",");
    throw corrupt(`${subject} of shape [${shown}] has ${end - begin} bytes`);
  }
  return { shape, dtype, begin, end };
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && item >= 0);
}
