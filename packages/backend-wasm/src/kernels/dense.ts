import type { denseGradientOp, denseOp } from "@bn-only/frozen-layers";
import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { WasmTrainingBackend } from "../backend.ts";
import { type WasmKernel, withMemory } from "./kernel.ts";

// Host side of assembly/dense.ts.

/** A row-major matrix, or its transpose, whose rows and columns are so many bytes apart. */
interface Matrix {
  readonly pointer: number;
  readonly rowStep: number;
  readonly columnStep: number;
}

/** `y[rows, columns] = a · b + bias` with b in row-major order. */
function multiply(
  backend: WasmTrainingBackend,
  a: Matrix,
  b: number,
  bias: number,
  [rows, columns, inner]: readonly [number, number, number],
): TensorInfo {
  const product = backend.allocate([rows, columns]);
  const { pointer, rowStep, columnStep } = a;
  backend.run("multiplyMatrices", Math.ceil(rows / 4), {
    a: pointer,
    rowStep,
    columnStep,
    b,
    bias,
    product: product.pointer,
    rows,
    columns,
    inner,
  });
  return product.info;
}

function rowMajor(backend: WasmTrainingBackend, tensor: TensorInfo): Matrix {
  return { pointer: backend.pointer(tensor), rowStep: 4 * tensor.shape[1]!, columnStep: 4 };
}

export const dense: WasmKernel<typeof denseOp> = (
  { input, kernel, bias },
  _attributes,
  backend,
) => {
  const [rows, inner] = input.shape as [number, number];
  const a = rowMajor(backend, input);
  const b = backend.pointer(kernel);
  const offset = bias ? backend.pointer(bias) : 0;
  return { output: multiply(backend, a, b, offset, [rows, kernel.shape[1]!, inner]) };
};

export const denseGradient: WasmKernel<typeof denseGradientOp> = (
  { outputGradient, kernel, input },
  wanted,
  backend,
) => {
  const [inputs, outputs] = kernel.shape as [number, number];
  const batch = outputGradient.shape[0]!;
  let inputGradient: TensorInfo | undefined;
  let kernelGradient: TensorInfo | undefined;
  let biasGradient: TensorInfo | undefined;
  if (wanted.input) {
    withMemory(backend, 4 * inputs * outputs, (transposed) => {
      const matrix = backend.pointer(kernel);
      backend.run("transposeMatrix", inputs, {
        matrix,
        transposed,
        rows: inputs,
        columns: outputs,
      });
      const a = rowMajor(backend, outputGradient);
      inputGradient = multiply(backend, a, transposed, 0, [batch, inputs, outputs]);
    });
  }
  const b = backend.pointer(outputGradient);
  if (wanted.kernel) {
    const { pointer, rowStep, columnStep } = rowMajor(backend, input!);
    const transposed = { pointer, rowStep: columnStep, columnStep: rowStep };
    kernelGradient = multiply(backend, transposed, b, 0, [inputs, outputs, batch]);
  }
  if (wanted.bias) {
    withMemory(backend, 4, (one) => {
      backend.heap.float32(one, 1)[0] = 1;
      const ones = { pointer: one, rowStep: 0, columnStep: 0 };
      const sum = multiply(backend, ones, b, 0, [1, outputs, batch]);
      biasGradient = { ...sum, shape: [outputs] };
    });
  }
  return { inputGradient, kernelGradient, biasGradient };
};
