import {
  getKernel,
  type KernelFunc,
  registerKernel,
  type TensorInfo,
  unregisterKernel,
} from "@tensorflow/tfjs-core";
import type { WasmTrainingBackend } from "../backend.ts";
import { markDetour } from "./detours.ts";

/** A kernel for the common case; it gives nothing where it leaves the work to the general one. */
export type FastKernel<Inputs, Attributes> = (
  backend: WasmTrainingBackend,
  inputs: Inputs,
  attributes: Attributes,
) => TensorInfo | TensorInfo[] | undefined;

/** Puts `fast` before a standard kernel. It gets inputs of one data type, float32 or int32. */
export function specialise<Inputs, Attributes = object>(
  kernelName: string,
  backendName: string,
  fast: FastKernel<Inputs, Attributes>,
  types: readonly string[] = ["float32"],
): void {
  const { kernelFunc: general } = getKernel(kernelName, backendName);
  const kernelFunc: KernelFunc = (call) => {
    const tensors = Object.values(call.inputs) as TensorInfo[];
    const type = tensors[0]?.dtype;
    const fits = tensors.every(({ dtype }) => dtype === type) && types.includes(type ?? "");
    const backend = call.backend as WasmTrainingBackend;
    const result = fits
      ? fast(backend, call.inputs as Inputs, (call.attrs ?? {}) as Attributes)
      : undefined;
    return result ?? general(call);
  };
  markDetour(kernelName, false);
  unregisterKernel(kernelName, backendName);
  registerKernel({ kernelName, backendName, kernelFunc });
}
