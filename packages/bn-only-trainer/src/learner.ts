import type { Network, Parameter } from "@bn-only/frozen-layers";
import { keep, type Tensor, type Tensor1D } from "@tensorflow/tfjs-core";
import { FlatParameters } from "./flat-parameters.ts";
import type { Optimizer, OptimizerState, OptimizerStep } from "./optimizers/optimizer.ts";

/** All that a step computes of the parameters, before any of it counts. */
export interface ParameterUpdate {
  readonly vector: Tensor1D;
  readonly values: readonly Tensor[];
  readonly state: OptimizerState;
}

/** The numbers that train, and the optimiser with what it remembers of them. */
export class Learner {
  readonly optimizer: Optimizer;
  readonly parameters: FlatParameters;
  #state: OptimizerState;

  /** Undefined for a network of which nothing trains. */
  static of(network: Network, optimizer: Optimizer): Learner | undefined {
    return network.trainable.length > 0 ? new Learner(network.trainable, optimizer) : undefined;
  }

  constructor(trainable: readonly Parameter[], optimizer: Optimizer) {
    this.optimizer = optimizer;
    this.parameters = new FlatParameters(trainable);
    this.#state = kept(optimizer.init(this.parameters.values));
  }

  /** What the optimiser remembers; borrowed. */
  get state(): OptimizerState {
    return this.#state;
  }

  /** Owns `state`. */
  set state(state: OptimizerState) {
    dispose(this.#state);
    this.#state = kept(state);
  }

  /** The next values; nothing changes before `commit`. */
  update(gradients: ReadonlyMap<Parameter, Tensor>, step: OptimizerStep): ParameterUpdate {
    const gradient = this.parameters.flattenGradients(gradients);
    const next = this.optimizer.update(this.#state, this.parameters.values, gradient, step);
    gradient.dispose();
    const values = this.parameters.unflatten(next.parameters);
    return { vector: next.parameters, values, state: next.state };
  }

  commit({ vector, values, state }: ParameterUpdate): void {
    this.parameters.commit(vector, values);
    this.state = state;
  }

  dispose(): void {
    this.parameters.dispose();
    dispose(this.#state);
  }
}

function kept(state: OptimizerState): OptimizerState {
  Object.values(state).forEach((vector) => keep(vector));
  return state;
}

function dispose(state: OptimizerState): void {
  Object.values(state).forEach((vector) => vector.dispose());
}
