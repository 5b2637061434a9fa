import {
  type Tensor1D,
  gather,
  mul,
  onesLike,
  reshape,
  scatterND,
  sub,
  add,
  tidy,
} from "@tensorflow/tfjs-core";
import type { ReferenceKernel } from "../../ops/op.ts";
import type { gatherScalarsOp, scatterScalarsOp } from "../../ops/scalars.ts";

export const gatherScalarsReference: ReferenceKernel<typeof gatherScalarsOp> = ({
  values,
  indices,
}) => ({
  output: gather(values, indices as Tensor1D) as Tensor1D,
});

/** Keeps the other values to the bit: they are multiplied by 1, and 0 is added. */
export const scatterScalarsReference: ReferenceKernel<typeof scatterScalarsOp> = ({
  values,
  indices,
  updates,
}) => ({
  output: tidy(() => {
    const at = reshape(indices, [indices.size, 1]);
    const spread = (numbers: Tensor1D) => scatterND(at, numbers, [values.size]);
    const others = sub(1, spread(onesLike(updates as Tensor1D)));
    return add(mul(values, others), spread(updates as Tensor1D)) as Tensor1D;
  }),
});
