import { switchingCases } from "./support/switching-cases.ts";

switchingCases([
  ["cpu", "wasm"],
  ["wasm", "cpu"],
  ["wasm", "tfjs-wasm"],
]);
