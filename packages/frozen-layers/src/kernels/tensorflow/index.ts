export type { TensorflowBackend } from "./backend.ts";
export {
  implementedOps,
  registerTensorflowKernels,
  type TensorflowKernelOptions,
} from "./register.ts";
