import { findBackendFactory, registerBackend } from "@tensorflow/tfjs-core";
import type { WasmTrainingBackend } from "./backend.ts";
import { WasmBackendError } from "./errors.ts";
import { resolveOptions, type WasmBackendOptions } from "./options.ts";
import { backendName, PRIORITY, startBackend } from "./start.ts";

/**
 * Starts the backend and registers it with tfjs as `bn-wasm`, for `tf.setBackend("bn-wasm")`. To
 * start it again with other options, call `replaceWasmBackend`, or `tf.removeBackend("bn-wasm")` first.
 * After `tf.engine().reset()`, which ends it, `await tf.setBackend("bn-wasm")` starts it again.
 *
 * @throws WasmBackendError when an option is out of range, the engine has no SIMD, or a backend of
 * this name is registered.
 */
export async function registerWasmBackend(
  options: WasmBackendOptions = {},
): Promise<WasmTrainingBackend> {
  assertFree();
  const { backend, factory } = await startBackend(resolveOptions(options));
  try {
    // Another call may have been faster.
    assertFree();
  } catch (error) {
    backend.dispose();
    throw error;
  }
  registerBackend(backendName, factory, PRIORITY);
  return backend;
}

function assertFree(): void {
  if (!findBackendFactory(backendName)) return;
  throw new WasmBackendError(
    `registerWasmBackend: "${backendName}" is registered already. Call tf.removeBackend("${backendName}") first, or replaceWasmBackend.`,
  );
}
