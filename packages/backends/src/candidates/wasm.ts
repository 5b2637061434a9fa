import { importWasm } from "#peers";
import type { WasmBackendOptions, WasmTrainingBackend } from "@bn-only/backend-wasm";
import { engine, findBackend, findBackendFactory, removeBackend } from "@tensorflow/tfjs-core";
import type { BackendCandidate, BackendOptions } from "../candidate.ts";
import { packageVersion } from "../node.ts";

const tfjsName = "bn-wasm";

/** `@bn-only/backend-wasm`: our own kernels and threads; needs nothing but npm, in Node and in browsers. */
export const wasm: BackendCandidate = {
  name: "wasm",
  couldWin: true,
  summary() {
    const { threads, fma, revec, oneThreadBecause } = running();
    const because = oneThreadBecause === undefined ? "" : ` as ${oneThreadBecause}`;
    return `WebAssembly, ${threads} ${threads === 1 ? "thread" : "threads"}${because}, ${fma ? "SIMD with FMA" : "SIMD"}${revec ? " of 256 bits" : ""}`;
  },
  async prepare(options) {
    if (typeof WebAssembly === "undefined") throw new Error("this engine has no WebAssembly");
    const { registerWasmBackend, replaceWasmBackend } = await importWasm();
    if (!findBackendFactory(tfjsName)) {
      await registerWasmBackend(given(options));
      return { tfjsName, keep() {}, undo: () => removeBackend(tfjsName) };
    }
    const before = await last();
    const again = before && fits(before, options);
    if (again && before.usable) return tfjsName;
    const { keep, undo } = await replaceWasmBackend(
      again ? { ...optionsOf(before), ...given({ assets: options.assets }) } : given(options),
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
function given({ threads, fma, revec, assets }: BackendOptions): WasmBackendOptions {
  return {
    ...(threads !== undefined && { threads }),
    ...(fma !== undefined && { fma }),
    ...(revec !== undefined && { revec }),
    ...(assets !== undefined && { assets }),
  };
}

function running(): WasmTrainingBackend {
  return findBackend(tfjsName) as WasmTrainingBackend;
}

function fits(
  backend: WasmTrainingBackend,
  { threads, fma, revec, assets }: BackendOptions,
): boolean {
  const cannotHaveMore = backend.oneThreadBecause !== undefined;
  return (
    // Other addresses may bring the threads that it could not have, and nothing else will.
    (assets === undefined || !cannotHaveMore) &&
    (cannotHaveMore || (threads ?? backend.threads) === backend.threads) &&
    (fma ?? backend.fma) === backend.fma &&
    (revec ?? backend.revec) === backend.revec
  );
}
