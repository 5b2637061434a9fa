import { findBackendFactory, getKernelsForBackend, registerBackend } from "@tensorflow/tfjs-core";
import { WasmTrainingBackend } from "./backend.ts";
import { WasmBackendError } from "./errors.ts";
import { ownOutputs } from "./kernels/owning.ts";
import { registerOpKernels } from "./kernels/register.ts";
import { registerFastKernels } from "./standard/fast.ts";
import { registerStandardKernels } from "./standard/register.ts";
import { resolveOptions, type WasmBackendOptions } from "./options.ts";

/** The name for `tf.setBackend`. */
export const backendName = "bn-wasm";

/** tfjs prefers the highest; tfjs-backend-wasm has 2. */
const PRIORITY = 3;

/**
 * Starts the backend and registers it with tfjs as `bn-wasm`, for `tf.setBackend("bn-wasm")`. To
 * start it again with other options, call `tf.removeBackend("bn-wasm")` first, which frees its tensors.
 * After `tf.engine().reset()`, which ends it, `await tf.setBackend("bn-wasm")` starts it again.
 *
 * @throws WasmBackendError when an option is out of range, the engine has no SIMD, or a backend of
 * this name is registered.
 */
export async function registerWasmBackend(
  options: WasmBackendOptions = {},
): Promise<WasmTrainingBackend> {
  if (findBackendFactory(backendName)) {
    throw new WasmBackendError(
      `registerWasmBackend: "${backendName}" is registered already. Call tf.removeBackend("${backendName}") first.`,
    );
  }
  const resolved = resolveOptions(options);
  const backend = await WasmTrainingBackend.create(resolved);
  if (getKernelsForBackend(backendName).length === 0) {
    await registerStandardKernels(backendName);
    registerFastKernels(backendName);
    registerOpKernels(backendName);
    ownOutputs(backendName);
  }
  let current: WasmTrainingBackend | Promise<WasmTrainingBackend> = backend;
  const usable = (): typeof current => {
    if (current instanceof WasmTrainingBackend && !current.usable) current = restart();
    return current;
  };
  const restart = async (): Promise<WasmTrainingBackend> => {
    try {
      return (current = await WasmTrainingBackend.create(resolved));
    } catch (error) {
      current = backend; // not usable, so that the next call tries again
      throw error;
    }
  };
  registerBackend(backendName, usable, PRIORITY);
  return backend;
}
