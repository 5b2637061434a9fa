import type { Tensor } from "@tensorflow/tfjs-core";
import type {
  DenseGradientInputs,
  DenseInputs,
  DenseWanted,
} from "@bn-only/frozen-layers/reference";
import { attributes, type TensorflowBackend } from "./backend.ts";

/** MatMul, then BiasAdd. */
export function denseTensorflow(
  { input, kernel, bias }: DenseInputs,
  _attributes: object,
  backend: TensorflowBackend,
): Tensor[] {
  const product = matMul(backend, input, kernel, false, false);
  if (!bias) return [product];
  const output = backend.executeSingleOutput("BiasAdd", biasAttributes(backend), [product, bias]);
  product.dispose();
  return [output];
}

/** Two MatMuls and BiasAddGrad. */
export function denseGradientTensorflow(
  { outputGradient, kernel, input }: DenseGradientInputs,
  wanted: DenseWanted,
  backend: TensorflowBackend,
): Tensor[] {
  const gradients: Tensor[] = [];
  if (wanted.input) gradients.push(matMul(backend, outputGradient, kernel, false, true));
  if (wanted.kernel) gradients.push(matMul(backend, input!, outputGradient, true, false));
  if (wanted.bias) {
    gradients.push(
      backend.executeSingleOutput("BiasAddGrad", biasAttributes(backend), [outputGradient]),
    );
  }
  return gradients;
}

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
