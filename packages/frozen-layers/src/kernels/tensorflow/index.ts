export type { TensorflowBackend } from "./backend.ts";
export { registerTensorflowKernels } from "./register.ts";
