// Each `import()` stands inside `try`, so that a bundler builds where the package is not installed.

import type * as backendWasm from "@bn-only/backend-wasm";
import type * as backendWebgpu from "@bn-only/backend-webgpu";
import type * as webgpuAdapter from "@bn-only/backend-webgpu/adapter";
import { importError, present } from "./not-installed.ts";

export async function importWasm(): Promise<typeof backendWasm> {
  try {
    return present(await import("@bn-only/backend-wasm"), "backendName");
  } catch (error) {
    throw importError("@bn-only/backend-wasm", error);
  }
}

export async function importWebgpu(): Promise<typeof backendWebgpu> {
  try {
    return present(await import("@bn-only/backend-webgpu"), "registerWebgpuBackend");
  } catch (error) {
    throw importError("@bn-only/backend-webgpu", error);
  }
}

export async function importWebgpuAdapter(): Promise<typeof webgpuAdapter> {
  try {
    return present(await import("@bn-only/backend-webgpu/adapter"), "requestAdapter");
  } catch (error) {
    throw importError("@bn-only/backend-webgpu", error);
  }
}

/** It registers itself with tfjs. */
export async function importCpu(): Promise<void> {
  try {
    present(await import("@tensorflow/tfjs-backend-cpu"), "MathBackendCPU");
  } catch (error) {
    throw importError("@tensorflow/tfjs-backend-cpu@4.22.0", error);
  }
}
