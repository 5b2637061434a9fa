import type { Network, Parameter } from "@bn-only/frozen-layers";
import { keep, type Tensor, type Tensor1D, tidy } from "@tensorflow/tfjs-core";
import { InvalidOptionError } from "./errors.ts";
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
    try {
      this.#state = kept(tidy(() => optimizer.init(this.parameters.values)));
    } catch (error) {
      this.parameters.dispose();
      throw error;
    }
  }

  /** What the optimiser remembers; borrowed. */
  get state(): OptimizerState {
    return this.#state;
  }

  /** Owns `state`. */
  set state(state: OptimizerState) {
    const next = new Set(Object.values(state));
    Object.values(this.#state).forEach((vector) => next.has(vector) || vector.dispose());
    this.#state = kept(state);
  }

  /** The next values; nothing changes before `commit`. */
  update(gradients: ReadonlyMap<Parameter, Tensor>, step: OptimizerStep): ParameterUpdate {
    const gradient = this.parameters.flattenGradients(gradients);
    const { values: parameters } = this.parameters;
    const next = tidy(() => this.optimizer.update(this.#state, parameters, gradient, step));
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
    Object.values(this.#state).forEach((vector) => vector.dispose());
  }

  /** @throws InvalidOptionError when other numbers train now than at the beginning. */
  static assertSame(network: Network, learner: Learner | undefined): void {
    const before = learner?.parameters.parameters ?? [];
    const now = network.trainable;
    if (now.length === before.length && now.every((parameter, i) => parameter === before[i]))
      return;
    throw new InvalidOptionError(
      `train: a callback changed what trains. Call network.setTrainable before or after train(), not meanwhile.`,
    );
  }
}

function kept(state: OptimizerState): OptimizerState {
  Object.values(state).forEach((vector) => keep(vector));
  return state;
}
