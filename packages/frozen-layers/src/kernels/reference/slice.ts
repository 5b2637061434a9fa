import { pad, slice } from "@tensorflow/tfjs-core";
import type { ReferenceKernel } from "../../ops/op.ts";
import type { padOp, sliceOp } from "../../ops/slice.ts";

export const sliceReference: ReferenceKernel<typeof sliceOp> = ({ input }, { begin, size }) => ({
  output: slice(input, [...begin], [...size]),
});

export const padReference: ReferenceKernel<typeof padOp> = ({ input }, { paddings, value }) => ({
  output: pad(
    input,
    paddings.map(([before, behind]): [number, number] => [before, behind]),
    value,
  ),
});
