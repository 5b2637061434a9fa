import type { Tensor1D } from "@tensorflow/tfjs-core";

/** What an optimiser remembers: vectors by name, each as long as the parameters. */
export type OptimizerState = Readonly<Record<string, Tensor1D>>;

/** Where a step stands. */
export interface OptimizerStep {
  readonly learningRate: number;
  /** From 1, over the whole run. */
  readonly step: number;
}

/**
 * How parameters follow gradients: a value with two pure functions on one flat vector of all numbers
 * that train. What it remembers goes in and comes out, so that a run can be stopped and continued.
 *
 * `init` borrows the parameters, `update` borrows everything. What they return belongs to the caller.
 */
export interface Optimizer<State extends OptimizerState = OptimizerState> {
  /** Of the factory, `sgd`. */
  readonly name: string;
  /** Of the factory; a run can be continued only with the same ones. */
  readonly options: Readonly<Record<string, number | boolean>>;
  /** What it remembers before the first step; for those of this package, zeros. */
  init(parameters: Tensor1D): State;
  /** Parameters and memory after one step; `gradient` is dLoss/dParameters, `[size]` as these. */
  update(
    state: State,
    parameters: Tensor1D,
    gradient: Tensor1D,
    step: OptimizerStep,
  ): { readonly parameters: Tensor1D; readonly state: State };
}
