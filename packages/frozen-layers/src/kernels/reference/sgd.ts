import { type Tensor1D, add, mul, sub, tidy } from "@tensorflow/tfjs-core";
import type { ReferenceKernel } from "../../ops/op.ts";
import type { sgdOp, SgdState } from "../../ops/sgd.ts";

export const sgdReference: ReferenceKernel<typeof sgdOp> = (
  { parameters, velocity, gradient },
  { learningRate, momentum, weightDecay, nesterov },
) =>
  tidy((): SgdState => {
    const decayed = add(gradient, mul(parameters, weightDecay));
    const nextVelocity = add(mul(velocity, momentum), decayed) as Tensor1D;
    const direction = nesterov ? add(decayed, mul(nextVelocity, momentum)) : nextVelocity;
    return { parameters: sub(parameters, mul(direction, learningRate)), velocity: nextVelocity };
  });
