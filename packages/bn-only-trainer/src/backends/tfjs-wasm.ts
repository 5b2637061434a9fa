import { type BackendCandidate, importPeer } from "./candidate.ts";

/** tfjs-backend-wasm, for checking ours against the same ops in other hands. */
export const tfjsWasm: BackendCandidate = {
  name: "tfjs-wasm",
  summary: () => "tfjs-backend-wasm, one thread",
  async prepare() {
    await importPeer(
      "@tensorflow/tfjs-backend-wasm@4.22.0",
      () => import("@tensorflow/tfjs-backend-wasm"),
    );
    return "wasm";
  },
};
