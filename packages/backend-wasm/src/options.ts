import { optionFault, show } from "@bn-only/errors";
import { WasmBackendError } from "./errors.ts";
import { availableCores, environmentVariable } from "./platform.ts";

export interface WasmBackendOptions {
  /**
   * Threads, this one included, from 1 to 64. Default: `BN_ONLY_THREADS`, or the cores of the
   * machine, at most 16. One thread where memory cannot be shared.
   */
  readonly threads?: number;
  /**
   * Whether to multiply and add with one rounding where the engine can: faster by a tenth, but the
   * last bits depend on the processor. Default: true unless `BN_ONLY_FMA` is 0.
   */
  readonly fma?: boolean;
}

export type ResolvedOptions = Required<WasmBackendOptions>;

const MAXIMUM_THREADS = 64;
const MAXIMUM_DEFAULT_THREADS = 16;

/** @throws WasmBackendError when a value is out of range, or no option has such a name. */
export function resolveOptions(options: WasmBackendOptions): ResolvedOptions {
  const names = { threads: true, fma: true } as const;
  const fault = optionFault<WasmBackendOptions>("bn-wasm", options, names);
  if (fault !== undefined) throw new WasmBackendError(fault);
  return { threads: resolveThreads(options.threads), fma: resolveFma(options.fma) };
}

function resolveThreads(given: number | undefined): number {
  if (given !== undefined) return checkThreads("threads", given, given);
  const variable = environmentVariable("BN_ONLY_THREADS");
  if (variable) return checkThreads("BN_ONLY_THREADS", Number(variable), variable);
  return Math.min(availableCores(), MAXIMUM_DEFAULT_THREADS);
}

function checkThreads(name: string, threads: number, given: unknown): number {
  if (Number.isInteger(threads) && threads >= 1 && threads <= MAXIMUM_THREADS) return threads;
  throw new WasmBackendError(
    `${name}: expected a whole number from 1 to ${MAXIMUM_THREADS}, got ${show(given)}.`,
  );
}

function resolveFma(given: boolean | undefined): boolean {
  if (given !== undefined) {
    if (typeof given === "boolean") return given;
    throw new WasmBackendError(`fma: expected true or false, got ${show(given)}.`);
  }
  const variable = environmentVariable("BN_ONLY_FMA");
  if (!variable || variable === "1") return true;
  if (variable === "0") return false;
  throw new WasmBackendError(`BN_ONLY_FMA: expected 0 or 1, got ${variable}.`);
}
