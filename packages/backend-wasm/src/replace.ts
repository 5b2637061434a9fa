import { engine, findBackendFactory, getBackend, setBackend } from "@tensorflow/tfjs-core";
import type { WasmTrainingBackend } from "./backend.ts";
import { WasmBackendError } from "./errors.ts";
import { resolveOptions, type WasmBackendOptions } from "./options.ts";
import { backendName, PRIORITY, startBackend } from "./start.ts";

/** A backend in the place of another one, which waits until it is known whether the new one is any good. */
export interface Replacement {
  readonly backend: WasmTrainingBackend;
  /** Ends the threads of the one before. */
  keep(): void;
  /** Ends the new one, and has the one before back in its place. */
  undo(): Promise<void>;
}

/**
 * Starts the backend with other options beside the one that is registered as `bn-wasm`, and puts it in its
 * place: if that fails, nothing has changed. Tensors of the one before stay readable, and move to the new
 * one when an op takes them; after `keep` those only that had been computed: a sum, a BatchNorm or a convolution that
 * nobody had read is lost.
 *
 * @throws WasmBackendError when an option is out of range, no backend of this name is registered, or a thread does
 * not start.
 */
export async function replaceWasmBackend(options: WasmBackendOptions = {}): Promise<Replacement> {
  const resolved = resolveOptions(options);
  if (!findBackendFactory(backendName)) {
    throw new WasmBackendError(
      `replaceWasmBackend: no "${backendName}" is registered. Call registerWasmBackend.`,
    );
  }
  const { backend, factory } = await startBackend(resolved);
  const { registry, registryFactory } = engine();
  const before = { instance: registry[backendName], entry: registryFactory[backendName]! };
  registryFactory[backendName] = { factory, priority: PRIORITY };
  registry[backendName] = backend;
  await selectAgain();
  return {
    backend,
    keep: () => before.instance?.dispose(),
    async undo() {
      registryFactory[backendName] = before.entry;
      if (before.instance) registry[backendName] = before.instance;
      else delete registry[backendName];
      backend.dispose();
      if (before.instance) await selectAgain();
    },
  };
}

/** tfjs holds the selected backend itself, beside its name. */
async function selectAgain(): Promise<void> {
  if (getBackend() === backendName) await setBackend(backendName);
}
