export { BackendInstallError } from "../errors.ts";
export { describeTensorflow, tensorflowLines } from "./describe.ts";
export { installTensorflow, removeTensorflow } from "./install.ts";

export type { InstallContext } from "./context.ts";
export type { TensorflowFindings } from "./describe.ts";
