import { assertBytes, assertContents } from "./check.ts";
import { ModelFileError } from "../errors.ts";

// The safetensors format, https://github.com/huggingface/safetensors: eight bytes with the length of
// a JSON header, the header, then the tensors without gaps. Reading it never executes anything.

/** Float32 or int32 values and their shape. */
export interface StoredTensor {
  readonly shape: readonly number[];
  readonly values: Float32Array | Int32Array;
}

export interface SafetensorsFile {
  readonly metadata: ReadonlyMap<string, string>;
  readonly tensors: ReadonlyMap<string, StoredTensor>;
}

const PREFIX_BYTES = 8;
const MAXIMUM_HEADER_BYTES = 16 * 1024 * 1024;

/** Tensors are laid out in the order of the map. */
export function encodeSafetensors(file: SafetensorsFile): Uint8Array {
  assertContents(file);
  const { metadata, tensors } = file;
  const header: [string, unknown][] = [["__metadata__", Object.fromEntries(metadata)]];
  let length = 0;
  for (const [name, { shape, values }] of tensors) {
    const end = length + values.byteLength;
    const dtype = values instanceof Int32Array ? "I32" : "F32";
    header.push([name, { dtype, shape, data_offsets: [length, end] }]);
    length = end;
  }
  let json = JSON.stringify(Object.fromEntries(header));
  const encoder = new TextEncoder();
  // Padding with spaces aligns the data to eight bytes.
  json += " ".repeat((8 - (encoder.encode(json).length % 8)) % 8);
  const headerBytes = encoder.encode(json);

  const bytes = new Uint8Array(PREFIX_BYTES + headerBytes.length + length);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(headerBytes.length), true);
  bytes.set(headerBytes, PREFIX_BYTES);
  let offset = PREFIX_BYTES + headerBytes.length;
  for (const { values } of tensors.values()) {
    for (const value of values) {
      if (values instanceof Int32Array) view.setInt32(offset, value, true);
      else view.setFloat32(offset, value, true);
      offset += 4;
    }
  }
  return bytes;
}

/** @throws ModelFileError for anything but a well-formed file of float32 and int32 tensors without gaps. */
export function decodeSafetensors(file: Uint8Array): SafetensorsFile {
  assertBytes(file);
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const header = parseHeader(file, view);
  const dataBegin = PREFIX_BYTES + Number(view.getBigUint64(0, true));

  const metadata = new Map<string, string>();
  const entries: ({ name: string } & Entry)[] = [];
  for (const [name, entry] of Object.entries(header)) {
    if (name === "__metadata__") {
      for (const [key, value] of Object.entries(asRecord(entry, "__metadata__"))) {
        metadata.set(key, String(value));
      }
    } else entries.push({ name, ...parseEntry(name, entry) });
  }

  entries.sort((a, b) => a.begin - b.begin);
  const tensors = new Map<string, StoredTensor>();
  let expected = 0;
  for (const { name, shape, dtype, begin, end } of entries) {
    if (begin !== expected)
      throw corrupt(`tensor "${name}" starts at byte ${begin}, not ${expected}`);
    expected = end;
    if (dataBegin + end > file.byteLength)
      throw corrupt(`it ends in the middle of tensor "${name}"`);
    const length = (end - begin) / 4;
    const values = dtype === "I32" ? new Int32Array(length) : new Float32Array(length);
    for (let i = 0; i < length; i++) {
      const at = dataBegin + begin + 4 * i;
      values[i] = dtype === "I32" ? view.getInt32(at, true) : view.getFloat32(at, true);
    }
    tensors.set(name, { shape, values });
  }
  if (dataBegin + expected !== file.byteLength) {
    throw corrupt(`${file.byteLength - dataBegin - expected} bytes follow the last tensor`);
  }
  return { metadata, tensors };
}

function parseHeader(file: Uint8Array, view: DataView): Record<string, unknown> {
  if (file.byteLength < PREFIX_BYTES) throw corrupt(`it has only ${file.byteLength} bytes`);
  const length = view.getBigUint64(0, true);
  if (length > MAXIMUM_HEADER_BYTES || PREFIX_BYTES + Number(length) > file.byteLength) {
    throw corrupt(`its header claims ${length} bytes, the file has ${file.byteLength}`);
  }
  const bytes = file.subarray(PREFIX_BYTES, PREFIX_BYTES + Number(length));
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw corrupt("its header is not JSON");
  }
  return asRecord(header, "its header");
}

interface Entry {
  readonly shape: number[];
  readonly dtype: "F32" | "I32";
  readonly begin: number;
  readonly end: number;
}

function parseEntry(name: string, entry: unknown): Entry {
  const { dtype, shape, data_offsets: offsets } = asRecord(entry, `tensor "${name}"`);
  if (dtype !== "F32" && dtype !== "I32") {
    throw corrupt(`tensor "${name}" has type ${String(dtype)}, expected F32 or I32`);
  }
  if (!isSizes(shape) || !isSizes(offsets) || offsets.length !== 2) {
    throw corrupt(`tensor "${name}" has no valid shape and offsets`);
  }
  const [begin, end] = offsets as [number, number];
  const bytes = shape.reduce((product, length) => product * length, 4);
  if (end - begin !== bytes) {
    throw corrupt(`tensor "${name}" of shape [${shape.join(",")}] has ${end - begin} bytes`);
  }
  return { shape, dtype, begin, end };
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && item >= 0);
}

function asRecord(value: unknown, subject: string): Record<string, unknown> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw corrupt(`${subject} is not an object`);
}

function corrupt(problem: string): ModelFileError {
  return new ModelFileError(
    `model file: not a complete .safetensors model; ${problem}. Copy or train it again.`,
  );
}
