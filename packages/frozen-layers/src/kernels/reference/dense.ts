import {
  type NamedTensorMap,
  type Tensor,
  type Tensor2D,
  add,
  matMul,
  sum,
  tidy,
} from "@tensorflow/tfjs-core";
import type { DenseWanted } from "../../ops/dense.ts";

export interface DenseInputs extends NamedTensorMap {
  input: Tensor;
  kernel: Tensor;
}

export function denseReference({ input, kernel, bias }: DenseInputs): Tensor[] {
  return [
    tidy(() => {
      const product = matMul(input as Tensor2D, kernel as Tensor2D);
      return bias ? add(product, bias) : product;
    }),
  ];
}

export interface DenseGradientInputs extends NamedTensorMap {
  outputGradient: Tensor;
  kernel: Tensor;
}

export function denseGradientReference(inputs: DenseGradientInputs, wanted: DenseWanted): Tensor[] {
  const outputGradient = inputs.outputGradient as Tensor2D;
  const gradients: Tensor[] = [];
  if (wanted.input) gradients.push(matMul(outputGradient, inputs.kernel as Tensor2D, false, true));
  if (wanted.kernel) gradients.push(matMul(inputs.input as Tensor2D, outputGradient, true, false));
  if (wanted.bias) gradients.push(sum(outputGradient, 0));
  return gradients;
}
