import type { Tensor1D } from "@tensorflow/tfjs-core";
import { sgdReference } from "../kernels/reference/sgd.ts";
import { run } from "./dispatch.ts";

export const sgdOp = { name: "BnOnlySgd", reference: sgdReference } as const;

export interface SgdOptions {
  readonly learningRate: number;
  /** 0 to 1. */
  readonly momentum: number;
  /** L2 penalty, added to the gradient before the momentum. */
  readonly weightDecay: number;
}

/**
 * One step of stochastic gradient descent over all trainable parameters, laid end to end:
 * `velocity ← momentum · velocity + gradient + weightDecay · parameters`, then
 * `parameters ← parameters − learningRate · velocity`. The same as `torch.optim.SGD` with dampening
 * 0 and without Nesterov, when the velocity starts at zero.
 */
export function sgd(
  state: { readonly parameters: Tensor1D; readonly velocity: Tensor1D },
  gradient: Tensor1D,
  options: SgdOptions,
): { parameters: Tensor1D; velocity: Tensor1D } {
  const [parameters, velocity] = run(sgdOp, { ...state, gradient }, options) as [
    Tensor1D,
    Tensor1D,
  ];
  return { parameters, velocity };
}
