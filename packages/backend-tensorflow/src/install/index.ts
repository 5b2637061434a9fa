export { BackendInstallError, TensorflowError } from "../errors.ts";
export { describeTensorflow, tensorflowLines } from "./describe.ts";
export { installTensorflow, removeTensorflow } from "./install.ts";
export { ProgramError } from "./program.ts";

export type { InstallContext } from "./context.ts";
export type { TensorflowFindings } from "./describe.ts";
