export type { TensorflowBackend } from "./backend.ts";
export { registerTensorflowKernels, type TensorflowKernelOptions } from "./register.ts";
