import { type Tensor2D, add, matMul, sum, tidy } from "@tensorflow/tfjs-core";
import type { DenseGradients, denseGradientOp, denseOp } from "../../ops/dense.ts";
import type { ReferenceKernel } from "../../ops/op.ts";

export const denseReference: ReferenceKernel<typeof denseOp> = ({ input, kernel, bias }) => ({
  output: tidy(() => {
    const product = matMul(input as Tensor2D, kernel as Tensor2D);
    return bias ? add(product, bias) : product;
  }) as Tensor2D,
});

export const denseGradientReference: ReferenceKernel<typeof denseGradientOp> = (
  { outputGradient: gradient, kernel, input },
  wanted,
) => {
  const outputGradient = gradient as Tensor2D;
  return {
    inputGradient: wanted.input
      ? matMul(outputGradient, kernel as Tensor2D, false, true)
      : undefined,
    kernelGradient: wanted.kernel
      ? matMul(input as Tensor2D, outputGradient, true, false)
      : undefined,
    biasGradient: wanted.bias ? sum(outputGradient, 0) : undefined,
  } as DenseGradients;
};
