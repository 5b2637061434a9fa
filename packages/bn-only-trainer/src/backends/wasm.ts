import type { WasmTrainingBackend } from "@bn-only/backend-wasm";
import { findBackend, findBackendFactory, removeBackend } from "@tensorflow/tfjs-core";
import { type BackendCandidate, type BackendOptions, importPeer } from "./candidate.ts";

const tfjsName = "bn-wasm";

/** `@bn-only/backend-wasm`: our own kernels and threads; needs nothing but npm, in Node and in browsers. */
export const wasm: BackendCandidate = {
  name: "wasm",
  summary() {
    const { threads, fma } = running();
    return `WebAssembly, ${threads} ${threads === 1 ? "thread" : "threads"}, ${fma ? "SIMD with FMA" : "SIMD"}`;
  },
  async prepare(options) {
    if (typeof WebAssembly === "undefined") throw new Error("this engine has no WebAssembly");
    const { registerWasmBackend } = await importPeer(
      "@bn-only/backend-wasm",
      () => import("@bn-only/backend-wasm"),
    );
    if (findBackendFactory(tfjsName)) {
      if (fits(running(), options)) return tfjsName;
      removeBackend(tfjsName);
    }
    await registerWasmBackend(options);
    return tfjsName;
  },
};

function running(): WasmTrainingBackend {
  return findBackend(tfjsName) as WasmTrainingBackend;
}

function fits(backend: WasmTrainingBackend, { threads, fma }: BackendOptions): boolean {
  return (threads ?? backend.threads) === backend.threads && (fma ?? backend.fma) === backend.fma;
}
