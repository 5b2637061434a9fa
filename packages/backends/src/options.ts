import { optionFault, show } from "@bn-only/errors";
import type { BackendOptions } from "./candidate.ts";
import { BackendError } from "./errors.ts";
import { environmentVariable } from "./node.ts";

const MAXIMUM_THREADS = 64;

/**
 * An option, or the variable that stands for it where it is not given, must be in range whichever
 * backend is asked for: `auto` would pass over the backend that complains, and take a slow one.
 *
 * @throws BackendError that names the option or the variable.
 */
export function checkOptions({ threads, fma, revec }: BackendOptions): void {
  const threadsVariable = environmentVariable("BN_ONLY_THREADS");
  if (threads !== undefined) checkThreads("threads", threads, threads);
  else if (threadsVariable) {
    checkThreads("BN_ONLY_THREADS", Number(threadsVariable), threadsVariable);
  }
  checkFlag("fma", fma, "BN_ONLY_FMA", environmentVariable("BN_ONLY_FMA"));
  checkFlag("revec", revec, "BN_ONLY_REVEC", environmentVariable("BN_ONLY_REVEC"));
}

function checkFlag(
  name: string,
  given: boolean | undefined,
  variable: string,
  value: string | undefined,
): void {
  if (given !== undefined && typeof given !== "boolean") {
    throw new BackendError(`${name}: expected true or false, got ${show(given)}.`);
  }
  if (given === undefined && value && !["0", "1"].includes(value)) {
    throw new BackendError(`${variable}: expected 0 or 1, got ${value}.`);
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
