import {
  engine,
  getKernel,
  getKernelsForBackend,
  type KernelFunc,
  registerKernel,
} from "@tensorflow/tfjs-core";
import { UnsupportedError } from "../errors.ts";
import { markDetour } from "./detours.ts";
import { cpuKernelNames } from "./names.ts";
import { onCpu } from "./on-cpu.ts";
import { identity, reshape } from "./share.ts";

/** Registers the standard tfjs kernels; what tfjs-backend-cpu has beyond them throws by name. */
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
  for (const name of cpuKernelNames) {
    register(name, onCpu(name, getKernel(name, "cpu").kernelFunc, cpu));
    markDetour(name, true);
  }
  for (const { kernelName } of getKernelsForBackend("cpu")) {
    if (!getKernel(kernelName, backendName)) register(kernelName, unsupported(kernelName));
  }
}

function unsupported(kernelName: string): KernelFunc {
  return () => {
    const { registryFactory, backendName } = engine();
    const others = Object.keys(registryFactory).filter(
      (name) => name !== backendName && getKernel(kernelName, name),
    );
    throw new UnsupportedError(
      `${backendName}: the kernel "${kernelName}" is not supported, as training does not need it. ` +
        `Registered backends that have it: ${others.join(", ") || "none"}.`,
    );
  };
}
