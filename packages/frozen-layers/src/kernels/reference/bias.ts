import { type Tensor1D, type Tensor4D, add, mul, reshape, sum, tidy } from "@tensorflow/tfjs-core";
import type { addBiasOp, biasGradientOp } from "../../ops/bias.ts";
import type { ReferenceKernel } from "../../ops/op.ts";
import { channelMean, perChannel } from "./per-channel.ts";

export const addBiasReference: ReferenceKernel<typeof addBiasOp> = ({ input, bias }) => ({
  output: input.rank === 4 ? perChannel(add, input as Tensor4D, bias) : add(input, bias),
});

export const biasGradientReference: ReferenceKernel<typeof biasGradientOp> = ({
  outputGradient,
}) => ({
  biasGradient: tidy(() => {
    const channels = outputGradient.shape.at(-1)!;
    if (outputGradient.rank !== 4) return sum(reshape(outputGradient, [-1, channels]), 0);
    return mul(channelMean(outputGradient as Tensor4D), outputGradient.size / channels);
  }) as Tensor1D,
});
