import { optionFault, show } from "@bn-only/errors";
import type { BackendOptions } from "./candidate.ts";
import { BackendError } from "./errors.ts";

const MAXIMUM_THREADS = 64;

/**
 * An option, or the variable that stands for it where it is not given, must be in range whichever
 * backend is asked for: `auto` would pass over the backend that complains, and take a slow one.
 *
 * @throws BackendError that names the option or the variable.
 */
export function checkOptions({ threads, fma }: BackendOptions): void {
  const { BN_ONLY_THREADS: threadsVariable, BN_ONLY_FMA: fmaVariable } =
    globalThis.process?.env ?? {};
  if (threads !== undefined) checkThreads("threads", threads, threads);
  else if (threadsVariable) {
    checkThreads("BN_ONLY_THREADS", Number(threadsVariable), threadsVariable);
  }
  if (fma !== undefined && typeof fma !== "boolean") {
    throw new BackendError(`fma: expected true or false, got ${show(fma)}.`);
  }
  if (fma === undefined && fmaVariable && !["0", "1"].includes(fmaVariable)) {
    throw new BackendError(`BN_ONLY_FMA: expected 0 or 1, got ${fmaVariable}.`);
  }
}

function checkThreads(name: string, threads: number, given: unknown): void {
  if (Number.isInteger(threads) && threads >= 1 && threads <= MAXIMUM_THREADS) return;
  throw new BackendError(
    `${name}: expected a whole number from 1 to ${MAXIMUM_THREADS}, got ${show(given)}.`,
  );
}

/** @throws BackendError unless `options` is an object of options that exist. */
export function assertNames<Options extends object>(
  subject: string,
  options: Options,
  names: Readonly<Record<keyof Options, true>>,
): void {
  const fault = optionFault<Options>(subject, options, names);
  if (fault !== undefined) throw new BackendError(fault);
}
