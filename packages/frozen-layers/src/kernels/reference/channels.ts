import { concat, split } from "@tensorflow/tfjs-core";
import type { concatChannelsOp, splitChannelsOp } from "../../ops/channels.ts";
import type { ReferenceKernel } from "../../ops/op.ts";

export const concatChannelsReference: ReferenceKernel<typeof concatChannelsOp> = (inputs) => ({
  output: concat([...inputs], -1),
});

export const splitChannelsReference: ReferenceKernel<typeof splitChannelsOp> = (
  { input },
  { sizes },
) => split(input, [...sizes], input.rank - 1);
