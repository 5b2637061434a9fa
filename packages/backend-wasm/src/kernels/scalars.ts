import type { gatherScalarsOp, scatterScalarsOp } from "@bn-only/frozen-layers";
import { type TensorInfo, util } from "@tensorflow/tfjs-core";
import type { WasmTrainingBackend } from "../backend.ts";
import { WasmBackendError } from "../errors.ts";
import type { WasmKernel } from "./kernel.ts";

// Host side of assembly/scalars.ts.

/** How many values each list of indices was found to be in, so that one that stays is read once. */
const checked = new WeakMap<object, number>();

/** @throws WasmBackendError for an index outside. */
function assertIndices(
  op: string,
  indices: TensorInfo,
  size: number,
  backend: WasmTrainingBackend,
): void {
  if (checked.get(indices.dataId) === size) return;
  const outside = backend.view(indices).find((index) => index < 0 || index >= size);
  if (outside !== undefined) {
    throw new WasmBackendError(`${op}: indices must be from 0 to ${size - 1}, got ${outside}.`);
  }
  checked.set(indices.dataId, size);
}

export const gatherScalars: WasmKernel<typeof gatherScalarsOp> = (
  { values, indices },
  _none,
  backend,
) => {
  assertIndices("gatherScalars", indices, values.shape[0]!, backend);
  const pointers = { values: backend.pointer(values), indices: backend.pointer(indices) };
  const output = backend.allocate(indices.shape);
  const sizes = { size: values.shape[0]!, count: util.sizeFromShape(indices.shape) };
  backend.run("gatherScalars", 1, { ...pointers, output: output.pointer, ...sizes });
  return { output: output.info };
};

export const scatterScalars: WasmKernel<typeof scatterScalarsOp> = (
  { values, indices, updates },
  _none,
  backend,
) => {
  assertIndices("scatterScalars", indices, values.shape[0]!, backend);
  const pointers = {
    values: backend.pointer(values),
    indices: backend.pointer(indices),
    updates: backend.pointer(updates),
  };
  const output = backend.allocate(values.shape);
  const sizes = { size: values.shape[0]!, count: util.sizeFromShape(indices.shape) };
  backend.run("scatterScalars", 1, { ...pointers, output: output.pointer, ...sizes });
  return { output: output.info };
};
