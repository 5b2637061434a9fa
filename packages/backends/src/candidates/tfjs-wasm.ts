import { type BackendCandidate, notInstalled } from "../candidate.ts";

/** tfjs-backend-wasm, for checking ours against the same ops in other hands. */
export const tfjsWasm: BackendCandidate = {
  name: "tfjs-wasm",
  couldWin: false,
  summary: () => "tfjs-backend-wasm, one thread",
  async prepare() {
    await import("@tensorflow/tfjs-backend-wasm").catch(
      notInstalled("@tensorflow/tfjs-backend-wasm@4.22.0"),
    );
    return "wasm";
  },
};
