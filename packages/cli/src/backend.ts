import { type BackendName, backendNames, type BackendOptions } from "@bn-only/trainer";
import { oneOf } from "./options.ts";

/** What a network runs on. */
export interface BackendSelection {
  readonly backend: string;
  /** Default: all cores. */
  readonly threads?: number;
  /** Whether the wasm backend may use fused multiply-add. */
  readonly fma: boolean;
}

/** @throws UsageError for a name that neither we nor a plugin have. */
export function checkBackendName(name: string): BackendName {
  return oneOf("--backend", backendNames)(name);
}

export function backendOptions({
  threads,
  fma,
}: Pick<BackendSelection, "threads" | "fma">): BackendOptions {
  return { ...(threads !== undefined && { threads }), ...(!fma && { fma }) };
}
