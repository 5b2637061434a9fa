import { type NamedTensorMap, type Tensor, add, mul, sub, tidy } from "@tensorflow/tfjs-core";
import type { SgdOptions } from "../../ops/sgd.ts";

export interface SgdInputs extends NamedTensorMap {
  parameters: Tensor;
  velocity: Tensor;
  gradient: Tensor;
}

export function sgdReference(
  { parameters, velocity, gradient }: SgdInputs,
  { learningRate, momentum, weightDecay }: SgdOptions,
): Tensor[] {
  return tidy(() => {
    const decayed = add(gradient, mul(parameters, weightDecay));
    const nextVelocity = add(mul(velocity, momentum), decayed);
    return [sub(parameters, mul(nextVelocity, learningRate)), nextVelocity];
  });
}
