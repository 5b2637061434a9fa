import {
  type Tensor,
  greater,
  less,
  logicalAnd,
  mul,
  relu,
  relu6,
  sigmoid,
  sub,
  tidy,
  where,
  zerosLike,
} from "@tensorflow/tfjs-core";
import type { activationGradientOp, ActivationKind, activationOp } from "../../ops/activation.ts";
import type { ReferenceKernel } from "../../ops/op.ts";

const functions: Readonly<Record<ActivationKind, (input: Tensor) => Tensor>> = {
  relu,
  relu6,
  sigmoid,
};

/** By the output. What does not pass is zero, an infinite gradient too. */
const gradients: Readonly<Record<ActivationKind, (gradient: Tensor, output: Tensor) => Tensor>> = {
  relu: (gradient, output) => where(greater(output, 0), gradient, zerosLike(gradient)),
  relu6: (gradient, output) =>
    where(logicalAnd(greater(output, 0), less(output, 6)), gradient, zerosLike(gradient)),
  sigmoid: (gradient, output) => mul(gradient, mul(output, sub(1, output))),
};

export const activationReference: ReferenceKernel<typeof activationOp> = ({ input }, { kind }) => ({
  output: functions[kind](input),
});

export const activationGradientReference: ReferenceKernel<typeof activationGradientOp> = (
  { outputGradient, output },
  { kind },
) => ({ inputGradient: tidy(() => gradients[kind](outputGradient, output)) });
