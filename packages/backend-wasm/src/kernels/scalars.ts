import type { gatherScalarsOp, scatterScalarsOp } from "@bn-only/frozen-layers";
import { util } from "@tensorflow/tfjs-core";
import type { WasmKernel } from "./kernel.ts";

// Host side of assembly/scalars.ts.

export const gatherScalars: WasmKernel<typeof gatherScalarsOp> = (
  { values, indices },
  _none,
  backend,
) => {
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
