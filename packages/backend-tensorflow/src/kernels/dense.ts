import type { denseGradientOp, denseOp } from "@bn-only/frozen-layers";
import type { Tensor } from "@tensorflow/tfjs-core";
import { attributes, type TensorflowBackend, type TensorflowKernel } from "./backend.ts";

/** MatMul, then BiasAdd. */
export const denseTensorflow: TensorflowKernel<typeof denseOp> = (
  { input, kernel, bias },
  _attributes,
  backend,
) => {
  const product = matMul(backend, input, kernel, false, false);
  if (!bias) return { output: product };
  const output = backend.executeSingleOutput("BiasAdd", biasAttributes(backend), [product, bias]);
  product.dispose();
  return { output };
};

/** Two MatMuls and BiasAddGrad. */
export const denseGradientTensorflow: TensorflowKernel<typeof denseGradientOp> = (
  { outputGradient, kernel, input },
  wanted,
  backend,
) => {
  return {
    inputGradient: wanted.input ? matMul(backend, outputGradient, kernel, false, true) : undefined,
    kernelGradient: wanted.kernel
      ? matMul(backend, input!, outputGradient, true, false)
      : undefined,
    biasGradient: wanted.bias
      ? backend.executeSingleOutput("BiasAddGrad", biasAttributes(backend), [outputGradient])
      : undefined,
  };
};

function matMul(
  backend: TensorflowBackend,
  a: Tensor,
  b: Tensor,
  transposeA: boolean,
  transposeB: boolean,
): Tensor {
  const attrs = attributes(backend, {
    type: { T: "float32" },
    bool: { transpose_a: transposeA, transpose_b: transposeB },
  });
  return backend.executeSingleOutput("MatMul", attrs, [a, b]);
}

function biasAttributes(backend: TensorflowBackend) {
  return attributes(backend, { type: { T: "float32" }, string: { data_format: "NHWC" } });
}
