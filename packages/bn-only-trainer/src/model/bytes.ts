import { show } from "@bn-only/errors";
import { ModelFileError } from "../errors.ts";

/** The bytes of a file, as `fetch`, `readFile` and `FileReader` give them. */
export type FileBytes = ArrayBufferLike | ArrayBufferView;

/**
 * All bytes of a buffer, or of a view those that it shows; not a copy.
 *
 * @throws ModelFileError for anything else: a path, a promise, a list of numbers.
 */
export function bytesOf(file: FileBytes): Uint8Array {
  if (!ArrayBuffer.isView(file) && !isBuffer(file)) {
    throw new ModelFileError(
      `model file: expected its bytes, an ArrayBuffer or a Uint8Array, got ${show(file)}. Read the file first.`,
    );
  }
  // A buffer that was transferred has no bytes, and cannot be viewed again.
  if (file.byteLength === 0) return new Uint8Array();
  if (!ArrayBuffer.isView(file)) return new Uint8Array(file);
  return new Uint8Array(file.buffer, file.byteOffset, file.byteLength);
}

/** Of another realm too, such as a frame or a `vm` context, where `instanceof` fails. */
function isBuffer(value: unknown): value is ArrayBufferLike {
  return [ArrayBuffer, globalThis.SharedArrayBuffer].some((kind) => {
    try {
      Object.getOwnPropertyDescriptor(kind.prototype, "byteLength")!.get!.call(value);
      return true;
    } catch {
      return false;
    }
  });
}
