import type { sumOp } from "@bn-only/frozen-layers";
import { overwrite, type TensorflowKernel } from "./backend.ts";

/** AddV2 over its first input. */
export const sumTensorflow: TensorflowKernel<typeof sumOp> = ({ a, b }, _attributes, backend) => ({
  output: overwrite(backend, "AddV2", a, b),
});
