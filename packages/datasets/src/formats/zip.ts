import { crc32, inflateRawSync } from "node:zlib";
import { FormatError } from "../errors.ts";

const [endSignature, entrySignature, localSignature] = [0x06054b50, 0x02014b50, 0x04034b50];

/** Longest comment behind the end of a zip. */
const longestComment = 65_535;

/**
 * The named files of a zip, stored or deflated, in memory. What is not asked for is not unpacked.
 *
 * @param file name of the archive, for messages
 * @param wanted entry name -> bytes at most
 * @throws FormatError when one is missing, comes twice, is encrypted or larger, or has another checksum
 */
export function readZip(
  bytes: Uint8Array,
  file: string,
  wanted: ReadonlyMap<string, number>,
): Map<string, Uint8Array> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const wrong = (what: string): FormatError =>
    new FormatError(file, `expected a whole zip archive, got one ${what}.`);
  const end = findEnd(view);
  if (end === undefined) throw wrong("without an end");
  const files = new Map<string, Uint8Array>();
  const entries = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  for (let entry = 0; entry < entries; entry++) {
    if (at + 46 > bytes.length || view.getUint32(at, true) !== entrySignature) {
      throw wrong("whose list is damaged");
    }
    const nameLength = view.getUint16(at + 28, true);
    const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength));
    const most = wanted.get(name);
    if (most !== undefined) {
      if (files.has(name)) throw new FormatError(file, `expected one file ${name}, got two.`);
      files.set(name, unpack(bytes, view, at, file, name, most));
    }
    at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  for (const name of wanted.keys()) {
    if (!files.has(name)) throw new FormatError(file, `expected a file ${name}, got none.`);
  }
  return files;
}

/** Where the record is that ends a zip. */
function findEnd(view: DataView): number | undefined {
  const last = view.byteLength - 22;
  for (let at = last; at >= Math.max(0, last - longestComment); at--) {
    if (view.getUint32(at, true) === endSignature) return at;
  }
  return undefined;
}

/** @param entry where the entry stands in the list */
function unpack(
  bytes: Uint8Array,
  view: DataView,
  entry: number,
  file: string,
  name: string,
  most: number,
): Uint8Array {
  const damaged = (why: string): FormatError =>
    new FormatError(file, `expected a whole file ${name}, got one ${why}.`);
  const [flags, method] = [view.getUint16(entry + 8, true), view.getUint16(entry + 10, true)];
  const checksum = view.getUint32(entry + 16, true);
  const [packed, size] = [view.getUint32(entry + 20, true), view.getUint32(entry + 24, true)];
  const local = view.getUint32(entry + 42, true);
  if ((flags & 1) !== 0) throw damaged("that is encrypted");
  if (size > most)
    throw new FormatError(file, `expected at most ${most} bytes in ${name}, got ${size}.`);
  if (local + 30 > bytes.length || view.getUint32(local, true) !== localSignature) {
    throw damaged("that is not where it should be");
  }
  const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
  if (start + packed > bytes.length) throw damaged("that is cut off");
  const content = bytes.subarray(start, start + packed);
  let data: Uint8Array;
  if (method === 0) data = content;
  else if (method === 8) {
    try {
      data = inflateRawSync(content, { maxOutputLength: Math.max(1, size) });
    } catch (error) {
      throw damaged(
        `that cannot be inflated: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  } else throw damaged(`that is packed by method ${method}`);
  if (data.length !== size || crc32(data) !== checksum) throw damaged("whose checksum is wrong");
  return data;
}
