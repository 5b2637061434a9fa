import {
  engine,
  getKernel,
  getKernelsForBackend,
  type KernelFunc,
  registerKernel,
} from "@tensorflow/tfjs-core";
import { UnsupportedError } from "../errors.ts";
import { markDetour } from "./detours.ts";
import { cast } from "./cast.ts";
import { notOffered } from "./names.ts";
import { onCpu } from "./on-cpu.ts";
import { identity, reshape } from "./share.ts";

/** Registers the standard tfjs kernels: all that tfjs-backend-cpu has; those that are not offered throw by name. */
export async function registerStandardKernels(backendName: string): Promise<void> {
  const { MathBackendCPU } = await import("@tensorflow/tfjs-backend-cpu");
  const cpu = new MathBackendCPU();
  // Its first tensor would print an advertisement for tfjs-node.
  (cpu as unknown as { firstUse: boolean }).firstUse = false;

  const register = (kernelName: string, kernelFunc: KernelFunc): void => {
    registerKernel({ kernelName, backendName, kernelFunc });
  };
  register("Identity", identity);
  register("Reshape", reshape);
  register("Cast", cast);
  for (const { kernelName, kernelFunc } of getKernelsForBackend("cpu")) {
    if (getKernel(kernelName, backendName)) continue;
    if (notOffered.includes(kernelName)) register(kernelName, unsupported(kernelName));
    else {
      register(kernelName, onCpu(kernelName, kernelFunc, cpu));
      markDetour(kernelName, true);
    }
  }
}

function unsupported(kernelName: string): KernelFunc {
  return () => {
    const { registryFactory, backendName } = engine();
    const others = Object.keys(registryFactory).filter(
      (name) => name !== backendName && getKernel(kernelName, name),
    );
    throw new UnsupportedError(
      `${backendName}: the kernel "${kernelName}" is not supported. ` +
        `Registered backends that have it: ${others.join(", ") || "none"}.`,
    );
  };
}
