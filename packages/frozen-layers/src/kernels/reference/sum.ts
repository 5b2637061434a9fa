import { type NamedTensorMap, type Tensor, add } from "@tensorflow/tfjs-core";

export interface SumInputs extends NamedTensorMap {
  a: Tensor;
  b: Tensor;
}

export function sumReference({ a, b }: SumInputs): Tensor[] {
  return [add(a, b)];
}
