import { importTfjsWasm } from "#peers";
import { findBackendFactory } from "@tensorflow/tfjs-core";
import type { BackendCandidate } from "../candidate.ts";

/** tfjs-backend-wasm, for checking ours against the same ops in other hands. */
export const tfjsWasm: BackendCandidate = {
  name: "tfjs-wasm",
  couldWin: false,
  summary: () => "tfjs-backend-wasm, one thread",
  async prepare() {
    if (!findBackendFactory("wasm")) await importTfjsWasm();
    return "wasm";
  },
};
