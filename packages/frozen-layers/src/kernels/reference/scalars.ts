import {
  type Tensor,
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
import { ShapeError } from "../../errors.ts";
import { isOutOfMemory } from "../../out-of-memory.ts";
import type { ReferenceKernel } from "../../ops/op.ts";
import type { gatherScalarsOp, scatterScalarsOp } from "../../ops/scalars.ts";

export const gatherScalarsReference: ReferenceKernel<typeof gatherScalarsOp> = ({
  values,
  indices,
}) => ({
  output: inRange("gatherScalars", values, () => gather(values, indices as Tensor1D) as Tensor1D),
});

/** Keeps the other values to the bit: they are multiplied by 1, and 0 is added. */
export const scatterScalarsReference: ReferenceKernel<typeof scatterScalarsOp> = ({
  values,
  indices,
  updates,
}) => ({
  output: inRange("scatterScalars", values, () =>
    tidy(() => {
      const at = reshape(indices, [indices.size, 1]);
      const spread = (numbers: Tensor1D) => scatterND(at, numbers, [values.size]);
      const others = sub(1, spread(onesLike(updates as Tensor1D)));
      return add(mul(values, others), spread(updates as Tensor1D)) as Tensor1D;
    }),
  ),
});

/** @throws ShapeError where tfjs says that an index is none. */
function inRange<Result>(op: string, { size }: Tensor, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (isOutOfMemory(error)) throw error;
    const message = error instanceof Error ? error.message : String(error);
    throw new ShapeError(`${op}: indices must be from 0 to ${size - 1} (${message}).`, {
      cause: error,
    });
  }
}
