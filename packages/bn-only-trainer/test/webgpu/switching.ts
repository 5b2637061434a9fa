import { switchingCases } from "../support/switching-cases.ts";

// In Node nothing can be read from a GPU without waiting; networks go on all the same.
switchingCases([
  ["webgpu", "wasm"],
  ["wasm", "webgpu"],
]);
