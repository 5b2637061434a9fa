import {
  type Tensor1D,
  cast,
  gather,
  onesLike,
  reshape,
  scatterND,
  tidy,
  where,
} from "@tensorflow/tfjs-core";
import type { ReferenceKernel } from "../../ops/op.ts";
import type { gatherScalarsOp, scatterScalarsOp } from "../../ops/scalars.ts";

export const gatherScalarsReference: ReferenceKernel<typeof gatherScalarsOp> = ({
  values,
  indices,
}) => ({
  output: gather(values, indices as Tensor1D) as Tensor1D,
});

export const scatterScalarsReference: ReferenceKernel<typeof scatterScalarsOp> = ({
  values,
  indices,
  updates,
}) => ({
  output: tidy(() => {
    const at = reshape(indices, [indices.size, 1]);
    const spread = (numbers: Tensor1D) => scatterND(at, numbers, [values.size]);
    const here = cast(spread(onesLike(updates as Tensor1D)), "bool");
    return where(here, spread(updates as Tensor1D), values) as Tensor1D;
  }),
});
