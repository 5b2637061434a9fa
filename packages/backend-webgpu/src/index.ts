export { describeAdapter, requestAdapter } from "./device/adapter.ts";
export { DeviceLostError, OutOfMemoryError, WebgpuError } from "./errors.ts";
export { implementedOps } from "./kernels/register.ts";
export { backendName, registerWebgpuBackend } from "./register.ts";

export type { CommandCounts, WebgpuTrainingBackend } from "./backend.ts";
export type { AdapterDescription } from "./device/adapter.ts";
