import { type Tensor, mul, reshape, sum, tidy } from "@tensorflow/tfjs-core";
import type {
  multiplyChannelsGradientOp,
  multiplyChannelsOp,
} from "../../ops/multiply-channels.ts";
import type { ReferenceKernel } from "../../ops/op.ts";

export const multiplyChannelsReference: ReferenceKernel<typeof multiplyChannelsOp> = ({
  input,
  gate,
}) => ({ output: tidy(() => mul(input, overImages(gate))) });

export const multiplyChannelsGradientReference: ReferenceKernel<
  typeof multiplyChannelsGradientOp
> = ({ input, gate, outputGradient }) => ({
  inputGradient: tidy(() => mul(outputGradient, overImages(gate))),
  gateGradient: tidy(() => sum(mul(outputGradient, input), [1, 2])),
});

function overImages(gate: Tensor): Tensor {
  const [batch, channels] = gate.shape as [number, number];
  return reshape(gate, [batch, 1, 1, channels]);
}
