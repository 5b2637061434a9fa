import {
  copyRegisteredKernels,
  findBackendFactory,
  getKernelsForBackend,
  registerBackend,
} from "@tensorflow/tfjs-core";
import { WebgpuTrainingBackend } from "./backend.ts";
import { requestAdapter } from "./device/adapter.ts";
import { requestDevice } from "./device/device.ts";
import { findGpu } from "./device/gpu.ts";
import { WebgpuError } from "./errors.ts";
import { registerCastKernel } from "./kernels/cast.ts";
import { registerOpKernels } from "./kernels/register.ts";
import { registerVectorKernels } from "./kernels/vectors.ts";

/** The name for `tf.setBackend`. tfjs's own backend stays what `webgpu` means. */
export const backendName = "bn-webgpu";

/** tfjs takes the highest of those that are registered. It is only ever selected by name. */
const PRIORITY = 0;

/**
 * Starts the backend on the best adapter and registers it with tfjs as `bn-webgpu`, for `tf.setBackend("bn-webgpu")`,
 * with tfjs's WebGPU kernels and ours. To start it again, after an error too, call
 * `tf.removeBackend("bn-webgpu")` first, which frees its tensors.
 *
 * @throws WebgpuError when there is no WebGPU here, or no adapter, or a backend of this name is registered.
 */
export async function registerWebgpuBackend(): Promise<WebgpuTrainingBackend> {
  assertFree();
  const backend = await startBackend();
  try {
    // Another call may have been faster.
    assertFree();
  } catch (error) {
    backend.dispose();
    throw error;
  }
  if (getKernelsForBackend(backendName).length === 0) {
    copyRegisteredKernels("webgpu", backendName);
    registerCastKernel(backendName);
    registerVectorKernels(backendName);
    registerOpKernels(backendName);
  }
  registerBackend(backendName, () => backend, PRIORITY);
  return backend;
}

function assertFree(): void {
  if (!findBackendFactory(backendName)) return;
  throw new WebgpuError(
    `registerWebgpuBackend: "${backendName}" is registered already. Call tf.removeBackend("${backendName}") first.`,
  );
}

async function startBackend(): Promise<WebgpuTrainingBackend> {
  const adapter = await requestAdapter();
  const device = await requestDevice(adapter);
  return withNavigatorGpu(await findGpu(), () => new WebgpuTrainingBackend(device, adapter));
}

/** tfjs looks for `navigator.gpu` before it takes a device. Node has none, and keeps none. */
function withNavigatorGpu<Result>(gpu: GPU, make: () => Result): Result {
  const holder = globalThis as { navigator?: { gpu?: GPU } };
  if (holder.navigator?.gpu) return make();
  const before = Object.getOwnPropertyDescriptor(globalThis, "navigator");
  Object.defineProperty(globalThis, "navigator", { value: { gpu }, configurable: true });
  try {
    return make();
  } finally {
    if (before) Object.defineProperty(globalThis, "navigator", before);
    else delete holder.navigator;
  }
}
