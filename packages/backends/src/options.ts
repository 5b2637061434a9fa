import type { BackendOptions } from "./candidate.ts";
import { BackendError } from "./errors.ts";

const MAXIMUM_THREADS = 64;

/** @throws BackendError when an option is out of range, whichever backend would use it. */
export function checkOptions({ threads, fma }: BackendOptions): void {
  if (threads !== undefined && !isThreadCount(threads)) {
    throw new BackendError(
      `threads: expected a whole number from 1 to ${MAXIMUM_THREADS}, got ${String(threads)}.`,
    );
  }
  if (fma !== undefined && typeof fma !== "boolean") {
    throw new BackendError(`fma: expected true or false, got ${String(fma)}.`);
  }
}

function isThreadCount(threads: number): boolean {
  return Number.isInteger(threads) && threads >= 1 && threads <= MAXIMUM_THREADS;
}
