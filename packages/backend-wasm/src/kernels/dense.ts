import type { denseGradientOp, denseOp } from "@bn-only/frozen-layers";
import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { WasmTrainingBackend } from "../backend.ts";
import { type WasmKernel, withMemory } from "./kernel.ts";
import { itemsPerChunk } from "./plan.ts";

// Host side of assembly/dense.ts.

/** Float32 in a cache line. */
const LINE = 16;

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
  // The longer side is cut: images of a small network, classes of ImageNet.
  const chunkRows = rows < columns ? Math.max(1, rows) : itemsPerChunk(rows, 4);
  const chunkColumns = rows < columns ? itemsPerChunk(columns, LINE) : columns;
  backend.run("multiplyMatrices", Math.ceil(rows / chunkRows) * Math.ceil(columns / chunkColumns), {
    a: pointer,
    rowStep,
    columnStep,
    b,
    bias,
    product: product.pointer,
    rows,
    columns,
    inner,
    chunkRows,
    chunkColumns,
  });
  return product.info;
}

/** `y[rows, columns] = a · bᵀ`, both in row-major order. */
function multiplyByTransposed(
  backend: WasmTrainingBackend,
  a: TensorInfo,
  b: TensorInfo,
): TensorInfo {
  const [rows, inner] = a.shape as [number, number];
  const columns = b.shape[0]!;
  const pointers = { a: backend.pointer(a), b: backend.pointer(b) };
  const { info, pointer: product } = backend.allocate([rows, columns]);
  const chunkColumns = itemsPerChunk(columns, 4);
  backend.run(
    "multiplyByTransposed",
    Math.ceil(columns / chunkColumns),
    { ...pointers, product, rows, columns, inner, chunkColumns },
    16 + 16 * inner,
  );
  return info;
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
  if (wanted.input) inputGradient = multiplyByTransposed(backend, outputGradient, kernel);
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
