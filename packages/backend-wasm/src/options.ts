import { optionFault, show } from "@bn-only/errors";
import type { WasmAssets } from "./wasm-assets.ts";
import { WasmBackendError } from "./errors.ts";
import { availableCores, environmentVariable } from "./platform.ts";

/**
 * Options of `registerWasmBackend` and `replaceWasmBackend`. The number of
 * threads changes no bit of a result.
 */
export interface WasmBackendOptions {
  /**
   * Threads, this one included, from 1 to 64. Default: `BN_ONLY_THREADS`, or the cores of the
   * machine, at most 16. One thread where memory cannot be shared.
   */
  readonly threads?: number | undefined;
  /**
   * Whether to multiply and add with one rounding where the engine can: faster by a tenth, but the
   * last bits depend on the processor. Default: true unless `BN_ONLY_FMA` is 0.
   */
  readonly fma?: boolean | undefined;
  /**
   * Whether to have V8 make one vector of 256 bits of two: Node 24 and newer, by an experimental switch of the
   * engine for the whole process. Same bits as with `fma`, which it needs; faster by a tenth or more, or not used where a measurement of
   * some milliseconds says that it is not. Default: false unless `BN_ONLY_REVEC` is 1.
   */
  readonly revec?: boolean | undefined;
  /** Where the kernels and the script of a thread lie. Default: inside the script; no file is looked for. */
  readonly assets?: WasmAssets | undefined;
}

export interface ResolvedOptions {
  readonly threads: number;
  readonly fma: boolean;
  readonly revec: boolean;
  readonly assets: WasmAssets;
}

const MAXIMUM_THREADS = 64;
const MAXIMUM_DEFAULT_THREADS = 16;

/** @throws WasmBackendError when a value is out of range, or no option has such a name. */
export function resolveOptions(options: WasmBackendOptions): ResolvedOptions {
  const names = { threads: true, fma: true, revec: true, assets: true } as const;
  const fault = optionFault<WasmBackendOptions>("bn-wasm", options, names);
  if (fault !== undefined) throw new WasmBackendError(fault);
  const fma = resolveFlag("fma", options.fma, "BN_ONLY_FMA", true);
  const revec = resolveFlag("revec", options.revec, "BN_ONLY_REVEC", false);
  if (revec && !fma && options.revec) {
    throw new WasmBackendError(
      "revec: expected fma as well, got fma false. Leave one of them out.",
    );
  }
  const assets = checkAssets(options.assets ?? {});
  return { threads: resolveThreads(options.threads), fma, revec: revec && fma, assets };
}

function checkAssets(assets: WasmAssets): WasmAssets {
  const fault = optionFault<WasmAssets>("assets", assets, { kernels: true, thread: true });
  if (fault !== undefined) throw new WasmBackendError(fault);
  for (const [name, address] of Object.entries(assets)) {
    if (address === undefined || typeof address === "string" || address instanceof URL) continue;
    throw new WasmBackendError(`assets.${name}: expected a URL, got ${show(address)}.`);
  }
  return assets;
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

function resolveFlag(
  name: string,
  given: boolean | undefined,
  variable: string,
  otherwise: boolean,
): boolean {
  if (given !== undefined) {
    if (typeof given === "boolean") return given;
    throw new WasmBackendError(`${name}: expected true or false, got ${show(given)}.`);
  }
  const value = environmentVariable(variable);
  if (!value) return otherwise;
  if (value === "0" || value === "1") return value === "1";
  throw new WasmBackendError(`${variable}: expected 0 or 1, got ${value}.`);
}
