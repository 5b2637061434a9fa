import { type Tensor1D, add, div, mul, sqrt, square, sub, tidy } from "@tensorflow/tfjs-core";
import { wholePower } from "../../exact/whole-power.ts";
import type { adamOp, AdamState } from "../../ops/adam.ts";
import type { ReferenceKernel } from "../../ops/op.ts";

export const adamReference: ReferenceKernel<typeof adamOp> = (
  inputs,
  { learningRate, beta1, beta2, epsilon, weightDecay, decoupled, step },
) =>
  tidy((): AdamState => {
    const parameters = decoupled
      ? mul(inputs.parameters, 1 - learningRate * weightDecay)
      : inputs.parameters;
    const gradient = decoupled
      ? inputs.gradient
      : add(inputs.gradient, mul(inputs.parameters, weightDecay));
    const firstMoment = add(mul(inputs.firstMoment, beta1), mul(gradient, 1 - beta1)) as Tensor1D;
    const secondMoment = add(
      mul(inputs.secondMoment, beta2),
      mul(square(gradient), 1 - beta2),
    ) as Tensor1D;
    const spread = add(div(sqrt(secondMoment), Math.sqrt(1 - wholePower(beta2, step))), epsilon);
    const rate = learningRate / (1 - wholePower(beta1, step));
    return {
      parameters: sub(parameters, mul(div(firstMoment, spread), rate)),
      firstMoment,
      secondMoment,
    };
  });
