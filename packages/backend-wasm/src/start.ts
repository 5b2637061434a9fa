import { getKernelsForBackend } from "@tensorflow/tfjs-core";
import { WasmTrainingBackend } from "./backend.ts";
import { ownOutputs } from "./kernels/owning.ts";
import { registerOpKernels } from "./kernels/register.ts";
import type { ResolvedOptions } from "./options.ts";
import { registerFastKernels } from "./standard/fast.ts";
import { registerStandardKernels } from "./standard/register.ts";

/** The name for `tf.setBackend`. */
export const backendName = "bn-wasm";

/** tfjs prefers the highest; tfjs-backend-wasm has 2. */
export const PRIORITY = 3;

type Factory = () => WasmTrainingBackend | Promise<WasmTrainingBackend>;

/** Starts a backend, registers its kernels, and says how tfjs gets it, and another one after its end. */
export async function startBackend(
  options: ResolvedOptions,
): Promise<{ backend: WasmTrainingBackend; factory: Factory }> {
  const backend = await WasmTrainingBackend.create(options);
  try {
    await registerKernels();
  } catch (error) {
    backend.dispose();
    throw error;
  }
  let current: WasmTrainingBackend | Promise<WasmTrainingBackend> = backend;
  const restart = async (): Promise<WasmTrainingBackend> => {
    try {
      return (current = await WasmTrainingBackend.create(options));
    } catch (error) {
      current = backend; // not usable, so that the next call tries again
      throw error;
    }
  };
  const factory: Factory = () => {
    if (current instanceof WasmTrainingBackend && !current.usable) current = restart();
    return current;
  };
  return { backend, factory };
}

let registering: Promise<void> | undefined;

/** Once, for backends that start beside each other too. */
function registerKernels(): Promise<void> {
  registering ??= registerMissing().finally(() => {
    registering = undefined;
  });
  return registering;
}

async function registerMissing(): Promise<void> {
  if (getKernelsForBackend(backendName).length > 0) return;
  await registerStandardKernels(backendName);
  registerFastKernels(backendName);
  registerOpKernels(backendName);
  ownOutputs(backendName);
}
