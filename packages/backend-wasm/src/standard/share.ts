import { type KernelFunc, type TensorInfo, util } from "@tensorflow/tfjs-core";
import type { WasmTrainingBackend } from "../backend.ts";

// The values stay where they are; they are freed with the last tensor that refers to them.

export const identity: KernelFunc = ({ inputs, backend }) => {
  const x = inputs["x"] as TensorInfo;
  return (backend as WasmTrainingBackend).share(x, x.shape);
};

export const reshape: KernelFunc = ({ inputs, attrs, backend }) => {
  const x = inputs["x"] as TensorInfo;
  const size = util.sizeFromShape(x.shape);
  const shape = util.inferFromImplicitShape(attrs!["shape"] as number[], size);
  if (util.sizeFromShape(shape) !== size) {
    throw new RangeError(`reshape: [${x.shape}] has ${size} elements and does not fit [${shape}].`);
  }
  return (backend as WasmTrainingBackend).share(x, shape);
};
