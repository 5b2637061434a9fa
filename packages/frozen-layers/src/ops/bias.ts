import { type Tensor, type Tensor1D, type Tensor4D, add, mul } from "@tensorflow/tfjs-core";
import { channelMean, perChannel } from "../kernels/reference/per-channel.ts";

/** `x + bias` per channel of `[batch, height, width, channels]`; owns `x`. */
export function addBias(x: Tensor, bias: Tensor): Tensor {
  const output = perChannel(add, x as Tensor4D, bias);
  x.dispose();
  return output;
}

/** The sum of the output gradient over batch, height and width, per channel. */
export function biasGradient(outputGradient: Tensor): Tensor1D {
  const mean = channelMean(outputGradient as Tensor4D);
  const sum = mul(mean, outputGradient.size / mean.size) as Tensor1D;
  mean.dispose();
  return sum;
}
