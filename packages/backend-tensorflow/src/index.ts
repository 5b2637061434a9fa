export { TensorflowError } from "./errors.ts";
export { findTensorflow } from "./load.ts";
export { readInstallation, tensorflowFiles, tensorflowFolder } from "./installation.ts";
export { implementedOps, registerTensorflowKernels } from "./kernels/register.ts";
export { backendName, registerTensorflowBackend } from "./register.ts";

export type { TensorflowDevice, TensorflowInstallation } from "./installation.ts";
export type { TensorflowBackend } from "./kernels/backend.ts";
export type { TensorflowKernelOptions } from "./kernels/register.ts";
export type { RegisteredTensorflow, TensorflowBackendOptions } from "./register.ts";
