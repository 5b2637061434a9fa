import { type Tensor1D, add, div, mul, sqrt, square, sub, tidy } from "@tensorflow/tfjs-core";
import { adamScalars } from "../../exact/adam-scalars.ts";
import type { adamOp, AdamState } from "../../ops/adam.ts";
import type { ReferenceKernel } from "../../ops/op.ts";

export const adamReference: ReferenceKernel<typeof adamOp> = (inputs, attributes) =>
  tidy((): AdamState => {
    const { beta1, beta2, epsilon } = attributes;
    const { rate, correction, shrink, decay } = adamScalars(attributes);
    const gradient = add(inputs.gradient, mul(inputs.parameters, decay));
    const firstMoment = add(mul(inputs.firstMoment, beta1), mul(gradient, 1 - beta1)) as Tensor1D;
    const secondMoment = add(
      mul(inputs.secondMoment, beta2),
      mul(square(gradient), 1 - beta2),
    ) as Tensor1D;
    const spread = add(mul(sqrt(secondMoment), correction), epsilon);
    return {
      parameters: sub(mul(inputs.parameters, shrink), mul(div(firstMoment, spread), rate)),
      firstMoment,
      secondMoment,
    };
  });
