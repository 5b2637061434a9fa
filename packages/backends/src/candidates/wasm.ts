import type { WasmBackendOptions, WasmTrainingBackend } from "@bn-only/backend-wasm";
import { engine, findBackend, findBackendFactory, removeBackend } from "@tensorflow/tfjs-core";
import { type BackendCandidate, type BackendOptions, notInstalled } from "../candidate.ts";
import { packageVersion } from "../node.ts";

const tfjsName = "bn-wasm";

/** `@bn-only/backend-wasm`: our own kernels and threads; needs nothing but npm, in Node and in browsers. */
export const wasm: BackendCandidate = {
  name: "wasm",
  couldWin: true,
  summary() {
    const { threads, fma, revec } = running();
    return `WebAssembly, ${threads} ${threads === 1 ? "thread" : "threads"}, ${fma ? "SIMD with FMA" : "SIMD"}${revec ? " of 256 bits" : ""}`;
  },
  async prepare({ threads, fma, revec }) {
    if (typeof WebAssembly === "undefined") throw new Error("this engine has no WebAssembly");
    const { registerWasmBackend, replaceWasmBackend } = await import("@bn-only/backend-wasm").catch(
      notInstalled("@bn-only/backend-wasm"),
    );
    if (!findBackendFactory(tfjsName)) {
      await registerWasmBackend(given({ threads, fma, revec }));
      return { tfjsName, keep() {}, undo: () => removeBackend(tfjsName) };
    }
    const before = await last();
    const again = before && fits(before, { threads, fma, revec });
    if (again && before.usable) return tfjsName;
    const { keep, undo } = await replaceWasmBackend(
      again ? optionsOf(before) : given({ threads, fma, revec }),
    );
    return {
      tfjsName,
      keep() {
        keep();
        before?.dispose(); // tfjs may not have known it yet
      },
      undo,
    };
  },
  identity: async () => packageVersion("@bn-only/backend-wasm"),
};

/**
 * The backend that runs, or that did until a thread stopped; after `tf.engine().reset()` it is started again, and there
 * is none where that fails.
 */
async function last(): Promise<WasmTrainingBackend | undefined> {
  const registered = engine().registry[tfjsName] as WasmTrainingBackend | undefined;
  if (registered) return registered;
  try {
    return (await findBackendFactory(tfjsName)()) as WasmTrainingBackend;
  } catch {
    return undefined;
  }
}

function optionsOf({ threads, fma, revec }: WasmTrainingBackend): WasmBackendOptions {
  return { threads, fma, revec };
}

/** The options that were given, without those that were not. */
function given({ threads, fma, revec }: BackendOptions): WasmBackendOptions {
  return {
    ...(threads !== undefined && { threads }),
    ...(fma !== undefined && { fma }),
    ...(revec !== undefined && { revec }),
  };
}

function running(): WasmTrainingBackend {
  return findBackend(tfjsName) as WasmTrainingBackend;
}

function fits(backend: WasmTrainingBackend, { threads, fma, revec }: BackendOptions): boolean {
  return (
    (threads ?? backend.threads) === backend.threads &&
    (fma ?? backend.fma) === backend.fma &&
    (revec ?? backend.revec) === backend.revec
  );
}
