export { WasmTrainingBackend } from "./backend.ts";
export { OutOfMemoryError, ThreadError, UnsupportedError, WasmBackendError } from "./errors.ts";
export { implementedOps } from "./kernels/register.ts";
export { detouringKernels, detours, onDetour } from "./standard/detours.ts";
export { registerWasmBackend } from "./register.ts";
export { replaceWasmBackend } from "./replace.ts";
export { backendName } from "./start.ts";

export type { WasmAssets } from "./wasm-assets.ts";
export type { JobObserver } from "./backend.ts";
export type { WasmBackendOptions } from "./options.ts";
export type { Replacement } from "./replace.ts";
