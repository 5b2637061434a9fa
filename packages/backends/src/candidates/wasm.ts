import type { WasmTrainingBackend } from "@bn-only/backend-wasm";
import { engine, findBackend, findBackendFactory, removeBackend } from "@tensorflow/tfjs-core";
import { type BackendCandidate, type BackendOptions, notInstalled } from "../candidate.ts";
import { packageVersion } from "../node.ts";

const tfjsName = "bn-wasm";

/** `@bn-only/backend-wasm`: our own kernels and threads; needs nothing but npm, in Node and in browsers. */
export const wasm: BackendCandidate = {
  name: "wasm",
  couldWin: true,
  summary() {
    const { threads, fma } = running();
    return `WebAssembly, ${threads} ${threads === 1 ? "thread" : "threads"}, ${fma ? "SIMD with FMA" : "SIMD"}`;
  },
  async prepare({ threads, fma }) {
    if (typeof WebAssembly === "undefined") throw new Error("this engine has no WebAssembly");
    const { registerWasmBackend } = await import("@bn-only/backend-wasm").catch(
      notInstalled("@bn-only/backend-wasm"),
    );
    if (findBackendFactory(tfjsName)) {
      const backend = await alive();
      if (backend && fits(backend, { threads, fma })) return tfjsName;
      removeBackend(tfjsName);
    }
    await registerWasmBackend({
      ...(threads !== undefined && { threads }),
      ...(fma !== undefined && { fma }),
    });
    return tfjsName;
  },
  identity: async () => packageVersion("@bn-only/backend-wasm"),
};

/** The backend that runs, started again after `tf.engine().reset()`; none after a thread stopped. */
async function alive(): Promise<WasmTrainingBackend | undefined> {
  const registered = engine().registry[tfjsName] as WasmTrainingBackend | undefined;
  if (registered) return registered.usable ? registered : undefined;
  return (await findBackendFactory(tfjsName)()) as WasmTrainingBackend;
}

function running(): WasmTrainingBackend {
  return findBackend(tfjsName) as WasmTrainingBackend;
}

function fits(backend: WasmTrainingBackend, { threads, fma }: BackendOptions): boolean {
  return (threads ?? backend.threads) === backend.threads && (fma ?? backend.fma) === backend.fma;
}
