import {
  getKernel,
  type KernelFunc,
  registerKernel,
  type TensorInfo,
  unregisterKernel,
} from "@tensorflow/tfjs-core";
import type { WebgpuTrainingBackend } from "../backend.ts";

/** A kernel for some inputs; it gives nothing where it leaves the work to tfjs's. */
type SomeInputs<Attributes> = (
  inputs: readonly TensorInfo[],
  attributes: Attributes,
  backend: WebgpuTrainingBackend,
) => TensorInfo | TensorInfo[] | undefined;

/** Puts a kernel before tfjs's of that name, which is registered. If it throws, what it made is freed. */
export function putInFront<Attributes>(
  kernelName: string,
  backendName: string,
  run: SomeInputs<Attributes>,
): void {
  const { kernelFunc: others } = getKernel(kernelName, backendName);
  const kernelFunc: KernelFunc = (call) => {
    const backend = call.backend as WebgpuTrainingBackend;
    const inputs = Object.values(call.inputs) as TensorInfo[];
    return backend.owning(() => run(inputs, call.attrs as Attributes, backend)) ?? others(call);
  };
  unregisterKernel(kernelName, backendName);
  registerKernel({ kernelName, backendName, kernelFunc });
}
