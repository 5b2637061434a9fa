import { switchingCases } from "../support/switching-cases.ts";

switchingCases([
  ["wasm", "tensorflow"],
  ["tensorflow", "wasm"],
  ["tensorflow", "cpu"],
]);
