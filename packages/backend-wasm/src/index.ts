export { WasmTrainingBackend } from "./backend.ts";
export { OutOfMemoryError, ThreadError, UnsupportedError, WasmBackendError } from "./errors.ts";
export { implementedOps } from "./kernels/register.ts";
export { detouringKernels, detours, onDetour } from "./standard/detours.ts";
export { backendName, registerWasmBackend } from "./register.ts";

export type { WasmBackendOptions } from "./options.ts";
