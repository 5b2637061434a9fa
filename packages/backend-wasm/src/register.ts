import { getKernelsForBackend, registerBackend } from "@tensorflow/tfjs-core";
import { WasmTrainingBackend } from "./backend.ts";
import { registerOpKernels } from "./kernels/register.ts";
import { registerStandardKernels } from "./standard/register.ts";
import { resolveOptions, type WasmBackendOptions } from "./options.ts";

/** The name for `tf.setBackend`. */
export const backendName = "bn-wasm";

/** Above tfjs-backend-wasm's 2, below nothing that was registered to be preferred. */
const PRIORITY = 3;

/**
 * Registers the backend `bn-wasm` and its kernels with tfjs; `tf.setBackend("bn-wasm")` then starts
 * its threads. To choose other options later, call `tf.removeBackend("bn-wasm")` first.
 *
 * @throws WasmBackendError when an option is out of range.
 */
export async function registerWasmBackend(options: WasmBackendOptions = {}): Promise<void> {
  const resolved = await resolveOptions(options);
  if (getKernelsForBackend(backendName).length === 0) {
    await registerStandardKernels(backendName);
    registerOpKernels(backendName);
  }
  registerBackend(backendName, () => WasmTrainingBackend.create(resolved), PRIORITY);
}
