import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { ModelFileError } from "../errors.ts";
import { assertContents } from "./arguments.ts";
import { type SafetensorsFile, typeOf } from "./safetensors.ts";
import { assertWritable } from "./writable.ts";

/** The field of the metadata that holds it. */
export const CHECKSUM = "checksum";

/**
 * The same contents with their SHA-256 in the metadata, over all other metadata and all tensors; the order
 * in which they come does not count.
 *
 * Hashed are, one after the other: `"<number of fields> <number of tensors>\n"`; each field in the order of
 * its name's UTF-8 bytes as `"<bytes of the name> <bytes of the value>\n"`, name, value; each tensor in
 * that order as `"<bytes of the name> <F32 or I32> [<lengths, joined by commas>]\n"`, name, and the SHA-256
 * of its little-endian bytes.
 */
export function withChecksum(contents: SafetensorsFile): SafetensorsFile {
  assertContents("withChecksum", contents);
  assertWritable(contents);
  const { metadata, tensors } = contents;
  const fields = new Map([...metadata].filter(([key]) => key !== CHECKSUM));
  const checksum = checksumOf(fields, tensors);
  return { metadata: fields.set(CHECKSUM, checksum), tensors };
}

/** @throws ModelFileError unless the contents are those that the checksum was made of. */
export function assertChecksum(file: SafetensorsFile): void {
  const stored = file.metadata.get(CHECKSUM);
  if (stored === undefined) {
    throw new ModelFileError(
      `model file: it has no "${CHECKSUM}" in its metadata. Copy or train it again.`,
    );
  }
  if (stored === withChecksum(file).metadata.get(CHECKSUM)) return;
  throw new ModelFileError(
    "model file: its contents are not those that were written, their checksum differs. Copy or train it again.",
  );
}

function checksumOf(
  fields: ReadonlyMap<string, string>,
  tensors: SafetensorsFile["tensors"],
): string {
  const encoder = new TextEncoder();
  const hash = sha256.create();
  const update = (text: string): void => void hash.update(encoder.encode(text));
  update(`${fields.size} ${tensors.size}\n`);
  for (const [name, value] of inOrder(fields)) {
    const bytes = encoder.encode(value);
    update(`${encoder.encode(name).length} ${bytes.length}\n${name}`);
    hash.update(bytes);
  }
  for (const [name, { shape, values }] of inOrder(tensors)) {
    update(`${encoder.encode(name).length} ${typeOf(values)} [${shape.join(",")}]\n${name}`);
    hash.update(sha256(new Uint8Array(values.buffer, values.byteOffset, values.byteLength)));
  }
  return bytesToHex(hash.digest());
}

/** By the UTF-8 bytes of the names, which JavaScript's own order of strings is not. */
function inOrder<Value>(map: ReadonlyMap<string, Value>): (readonly [string, Value])[] {
  const encoder = new TextEncoder();
  return Array.from(map, (entry) => ({ entry, key: encoder.encode(entry[0]) }))
    .sort((a, b) => compareBytes(a.key, b.key))
    .map(({ entry }) => entry);
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const at = a.findIndex((byte, i) => byte !== b[i]);
  return at === -1 ? a.length - b.length : a[at]! - (b[at] ?? -1);
}
