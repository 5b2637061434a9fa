import {
  getKernelsForBackend,
  type KernelFunc,
  registerKernel,
  unregisterKernel,
} from "@tensorflow/tfjs-core";
import type { WasmTrainingBackend } from "../backend.ts";

/** Puts every kernel of the backend behind `runKernel`: what one that throws had made is freed. */
export function ownOutputs(backendName: string): void {
  for (const { kernelName, kernelFunc } of getKernelsForBackend(backendName)) {
    const owning: KernelFunc = (call) =>
      (call.backend as WasmTrainingBackend).runKernel(kernelFunc, call);
    unregisterKernel(kernelName, backendName);
    registerKernel({ kernelName, backendName, kernelFunc: owning });
  }
}
