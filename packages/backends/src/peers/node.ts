// `#peers` everywhere but in browsers.

import type * as backendTensorflow from "@bn-only/backend-tensorflow";
import { importError } from "./not-installed.ts";

export { importCpu, importWasm, importWebgpu, importWebgpuAdapter } from "./everywhere.ts";

export async function importTensorflow(): Promise<typeof backendTensorflow> {
  try {
    return await import("@bn-only/backend-tensorflow");
  } catch (error) {
    throw importError("@bn-only/backend-tensorflow", error);
  }
}

/** It registers itself with tfjs. */
export async function importTfjsWasm(): Promise<void> {
  try {
    await import("@tensorflow/tfjs-backend-wasm");
  } catch (error) {
    throw importError("@tensorflow/tfjs-backend-wasm@4.22.0", error);
  }
}
