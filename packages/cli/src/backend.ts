import { type BackendName, backendNames, type UseBackendOptions } from "@bn-only/trainer";
import { oneOf } from "./options.ts";
import type { Plugins } from "./plugins/plugins.ts";

/** What a network runs on. */
export interface BackendSelection {
  readonly backend: string;
  /** Default: all cores. */
  readonly threads?: number;
  /** Whether the wasm backend may use fused multiply-add. */
  readonly fma: boolean;
}

/** @throws UsageError for a name that neither we nor a plugin have. */
export function checkBackendName(name: string, { backends }: Plugins): BackendName {
  const names = [...backendNames, ...backends.map((candidate) => candidate.name)];
  return oneOf("--backend", names)(name);
}

export function backendOptions(
  { threads, fma }: Pick<BackendSelection, "threads" | "fma">,
  { backends }: Plugins,
): UseBackendOptions {
  return {
    candidates: backends,
    ...(threads !== undefined && { threads }),
    ...(!fma && { fma }),
  };
}
