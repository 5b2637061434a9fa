import {
  type Tensor,
  cast,
  greater,
  less,
  logicalAnd,
  mul,
  relu,
  relu6,
  sigmoid,
  sub,
  tidy,
} from "@tensorflow/tfjs-core";
import type { activationGradientOp, ActivationKind, activationOp } from "../../ops/activation.ts";
import type { ReferenceKernel } from "../../ops/op.ts";

const functions: Readonly<Record<ActivationKind, (input: Tensor) => Tensor>> = {
  relu,
  relu6,
  sigmoid,
};

/** By the output. */
const slopes: Readonly<Record<ActivationKind, (output: Tensor) => Tensor>> = {
  relu: (output) => cast(greater(output, 0), "float32"),
  relu6: (output) => cast(logicalAnd(greater(output, 0), less(output, 6)), "float32"),
  sigmoid: (output) => mul(output, sub(1, output)),
};

export const activationReference: ReferenceKernel<typeof activationOp> = ({ input }, { kind }) => ({
  output: functions[kind](input),
});

export const activationGradientReference: ReferenceKernel<typeof activationGradientOp> = (
  { outputGradient, output },
  { kind },
) => ({ inputGradient: tidy(() => mul(outputGradient, slopes[kind](output))) });
