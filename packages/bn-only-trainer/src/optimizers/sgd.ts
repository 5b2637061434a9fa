import { runOp, sgdOp } from "@bn-only/frozen-layers";
import { type Tensor1D, zerosLike } from "@tensorflow/tfjs-core";
import { assertNames, assertThat } from "../check.ts";
import { InvalidOptionError } from "../errors.ts";
import { assertOptions, fraction, notNegative } from "../options.ts";
import { paperRecipe } from "../recipe.ts";
import type { Optimizer } from "./optimizer.ts";

/** Options of `sgd`. The learning rate is the schedule's. */
export interface SgdOptions {
  /** From 0 to below 1. Default 0.9. */
  readonly momentum?: number | undefined;
  /** L2 penalty, added to the gradient before the momentum. Default 1e-4. */
  readonly weightDecay?: number | undefined;
  /** Whether a step looks ahead by the momentum. Default false. */
  readonly nesterov?: boolean | undefined;
}

/**
 * Stochastic gradient descent, `torch.optim.SGD` with dampening 0: with `d = gradient + weightDecay · p`,
 * `v ← momentum · v + d` and `p ← p − learningRate · v`; with Nesterov `p ← p − learningRate · (d + momentum · v)`.
 * The defaults are the paper's.
 *
 * @throws InvalidOptionError for a value out of range, and for Nesterov without momentum.
 */
export function sgd(options: SgdOptions = {}): Optimizer<{ readonly velocity: Tensor1D }> {
  assertNames("sgd", options, { momentum: true, weightDecay: true, nesterov: true });
  const { momentum = paperRecipe.momentum, weightDecay = paperRecipe.weightDecay } = options;
  const { nesterov = false } = options;
  assertOptions("sgd", { momentum, weightDecay }, { momentum: fraction, weightDecay: notNegative });
  assertThat(typeof nesterov === "boolean", "sgd: nesterov", "true or false", nesterov);
  if (nesterov && momentum === 0) {
    throw new InvalidOptionError("sgd: nesterov needs a momentum above 0, got 0.");
  }
  return {
    name: "sgd",
    options: { momentum, weightDecay, nesterov },
    init: (parameters) => ({ velocity: zerosLike(parameters) }),
    update({ velocity }, parameters, gradient, { learningRate }) {
      const inputs = { parameters, velocity, gradient };
      const attributes = { learningRate, momentum, weightDecay, nesterov };
      const { parameters: next, ...state } = runOp(sgdOp, inputs, attributes);
      return { parameters: next, state };
    },
  };
}
