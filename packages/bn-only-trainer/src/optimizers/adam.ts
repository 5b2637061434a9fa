import { adamOp, runOp } from "@bn-only/frozen-layers";
import { type Tensor1D, zerosLike } from "@tensorflow/tfjs-core";
import { assertNames } from "../check.ts";
import { assertOptions, fraction, notNegative, positive } from "../options.ts";
import type { Optimizer } from "./optimizer.ts";

/**
 * Options of `adam` and `adamw`: betas from 0 to below 1, epsilon above 0, the decay from 0. The learning
 * rate is the schedule's.
 */
export interface AdamOptions {
  /** Default 0.9. */
  readonly beta1?: number | undefined;
  /** Default 0.999. */
  readonly beta2?: number | undefined;
  /** Default 1e-8. */
  readonly epsilon?: number | undefined;
  /** Default 0 for `adam`, 0.01 for `adamw`, as in PyTorch. */
  readonly weightDecay?: number | undefined;
}

const names = { beta1: true, beta2: true, epsilon: true, weightDecay: true } as const;

type Adam = Optimizer<{ readonly firstMoment: Tensor1D; readonly secondMoment: Tensor1D }>;

/**
 * Adam (Kingma & Ba 2015), `torch.optim.Adam`; the decay is an L2 penalty in the gradient. It wants a
 * learning rate of about 1e-3, which the schedule gives.
 *
 * @throws InvalidOptionError for a value out of range.
 */
export function adam(options: AdamOptions = {}): Adam {
  return adamOf("adam", false, options, 0);
}

/**
 * Adam with decoupled decay (Loshchilov & Hutter 2019), `torch.optim.AdamW`: parameters shrink by
 * `1 − learningRate · weightDecay` before each step.
 *
 * @throws InvalidOptionError for a value out of range.
 */
export function adamw(options: AdamOptions = {}): Adam {
  return adamOf("adamw", true, options, 0.01);
}

function adamOf(
  name: string,
  decoupled: boolean,
  options: AdamOptions,
  defaultDecay: number,
): Adam {
  assertNames(name, options, names);
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = defaultDecay } = options;
  const numbers = { beta1, beta2, epsilon, weightDecay };
  assertOptions(name, numbers, {
    beta1: fraction,
    beta2: fraction,
    epsilon: positive,
    weightDecay: notNegative,
  });
  return {
    name,
    options: numbers,
    init: (parameters) => ({
      firstMoment: zerosLike(parameters),
      secondMoment: zerosLike(parameters),
    }),
    update(state, parameters, gradient, { learningRate, step }) {
      const inputs = { ...state, parameters, gradient };
      const attributes = { ...numbers, decoupled, learningRate, step };
      const { parameters: next, ...moments } = runOp(adamOp, inputs, attributes);
      return { parameters: next, state: moments };
    },
  };
}
