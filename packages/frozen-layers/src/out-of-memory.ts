import { show } from "@bn-only/errors";
import { FrozenLayersError, OutOfMemoryError } from "./errors.ts";

/** What JavaScript engines say of an array that is too long for them, and TensorFlow of a tensor. */
const words =
  /array (buffer )?(length|allocation)|allocation (failed|size)|out of memory|too large|OOM when allocating/i;

/**
 * Whether an error says that memory is short: an `OutOfMemoryError` of this package or of any backend, or what
 * JavaScript and TensorFlow throw.
 */
export function isOutOfMemory(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  if (error.name === "OutOfMemoryError") return true;
  return (error instanceof RangeError || /^Error$/.test(error.name)) && words.test(error.message);
}

/** An `OutOfMemoryError` of somebody's own as it is; other errors that memory is short with `message`. */
export function asOutOfMemory(error: unknown, message: string): unknown {
  if (!isOutOfMemory(error) || error.name === "OutOfMemoryError") return error;
  return new OutOfMemoryError(`${message} (${error.message}).`, { cause: error });
}

/** `12.3 MiB`, `4.0 GiB`. */
export function formatBytes(bytes: number): string {
  if (typeof bytes !== "number") {
    throw new FrozenLayersError(`formatBytes: expected a number of bytes, got ${show(bytes)}.`);
  }
  return bytes < 2 ** 30
    ? `${(bytes / 2 ** 20).toFixed(1)} MiB`
    : `${(bytes / 2 ** 30).toFixed(1)} GiB`;
}
