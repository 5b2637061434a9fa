import type { Tensor1D } from "@tensorflow/tfjs-core";
import { assertNumber, assertShape } from "../shape.ts";
import { defineOp, type Op } from "./op.ts";

/** What `sgdOp` takes and gives, `[size]` each, of all numbers that train. The velocity starts at zero. */
export type SgdState = {
  readonly parameters: Tensor1D;
  readonly velocity: Tensor1D;
};

export type SgdInputs = SgdState & { readonly gradient: Tensor1D };

/** What a step of `sgdOp` depends on besides its tensors; no number is negative. */
export type SgdAttributes = {
  readonly learningRate: number;
  /** From 0; 0.9 in the paper. */
  readonly momentum: number;
  /** L2 penalty, added to the gradient before the momentum. */
  readonly weightDecay: number;
  /** Whether a step looks ahead by the momentum (Nesterov). */
  readonly nesterov: boolean;
};

/**
 * One step of stochastic gradient descent over a flat vector: with
 * `d = gradient + weightDecay · parameters`, `velocity ← momentum · velocity + d`, then
 * `parameters ← parameters − learningRate · velocity`, or with Nesterov
 * `parameters ← parameters − learningRate · (d + momentum · velocity)`. The same as `torch.optim.SGD`
 * with dampening 0, when the velocity starts at zero.
 */
export const sgdOp: Op<SgdInputs, SgdAttributes, SgdState> = defineOp({
  name: "BnOnlySgd",
  check({ parameters: { shape }, velocity, gradient }, attributes) {
    const { learningRate, momentum, weightDecay } = attributes;
    for (const [name, value] of Object.entries({ learningRate, momentum, weightDecay })) {
      assertNumber(`sgd: ${name}`, value, "from 0", (number) => number >= 0);
    }
    assertShape("sgd", "velocity", velocity, shape);
    assertShape("sgd", "gradient", gradient, shape);
  },
});
