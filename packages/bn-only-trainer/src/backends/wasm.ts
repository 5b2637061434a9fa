import { type BackendCandidate, importPeer } from "./candidate.ts";

/** tfjs-backend-wasm: needs nothing but npm, in Node and in browsers. */
export const wasm: BackendCandidate = {
  name: "wasm",
  summary: () => "WebAssembly with SIMD",
  async prepare() {
    if (typeof WebAssembly === "undefined") throw new Error("this engine has no WebAssembly");
    await importPeer(
      "@tensorflow/tfjs-backend-wasm",
      () => import("@tensorflow/tfjs-backend-wasm"),
    );
    return "wasm";
  },
};
