import type { Tensor } from "@tensorflow/tfjs-core";
import type { SumInputs } from "@bn-only/frozen-layers/reference";
import { overwrite, type TensorflowBackend } from "./backend.ts";

/** AddV2 over its first input. */
export function sumTensorflow(
  { a, b }: SumInputs,
  _attributes: object,
  backend: TensorflowBackend,
): Tensor[] {
  return [overwrite(backend, "AddV2", a, b)];
}
