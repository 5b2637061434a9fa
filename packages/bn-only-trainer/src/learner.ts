import type { Network, Parameter } from "@bn-only/frozen-layers";
import { keep, Tensor, type Tensor1D, tidy } from "@tensorflow/tfjs-core";
import { assertNetwork, assertThat, hasMethods } from "./check.ts";
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
  /** Computes the updates; its memory is `state`. */
  readonly optimizer: Optimizer;
  /** All numbers that train, as one vector. */
  readonly parameters: FlatParameters;
  #state: OptimizerState;

  /** Undefined for a network of which nothing trains. */
  static of(network: Network, optimizer: Optimizer): Learner | undefined {
    assertNetwork("Learner", network);
    return network.trainable.length > 0 ? new Learner(network.trainable, optimizer) : undefined;
  }

  constructor(trainable: readonly Parameter[], optimizer: Optimizer) {
    assertOptimizer(optimizer);
    assertThat(
      Array.isArray(trainable) && trainable.some((parameter) => parameter?.trainable === true),
      "Learner: the parameters",
      "a list of those that train, such as network.trainable",
      trainable,
    );
    this.optimizer = optimizer;
    this.parameters = new FlatParameters(trainable);
    try {
      this.#state = kept(tidy(() => assertMemory(optimizer.init(this.parameters.values))));
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
    const borrowed = new Set<Tensor>([parameters, gradient]);
    const owned = (vector: Tensor1D): Tensor1D => (borrowed.has(vector) ? vector.clone() : vector);
    const next = tidy(() => {
      const update: unknown = this.optimizer.update(this.#state, parameters, gradient, step);
      const { parameters: moved, state } = assertUpdate(update, parameters);
      const vectors = Object.entries(state).map(([name, vector]) => [name, owned(vector)]);
      return {
        parameters: owned(moved),
        state: Object.fromEntries(vectors) as OptimizerState,
      };
    });
    gradient.dispose();
    const values = this.parameters.unflatten(next.parameters);
    return { vector: next.parameters, values, state: next.state };
  }

  /** Makes what `update` computed the network's parameters and the optimiser's memory; owns all of it. */
  commit({ vector, values, state }: ParameterUpdate): void {
    this.parameters.commit(vector, values);
    this.state = state;
  }

  /** Frees the vector and the optimiser's memory; the network keeps its parameters. */
  dispose(): void {
    this.parameters.dispose();
    Object.values(this.#state).forEach((vector) => vector.dispose());
  }

  /** @throws InvalidOptionError when other numbers train now than at the beginning. */
  static assertSame(network: Network, learner: Learner | undefined): void {
    assertNetwork("train", network);
    assertThat(
      learner === undefined || learner instanceof Learner,
      "learner",
      "a Learner",
      learner,
    );
    const now = network.trainable;
    if (learner ? learner.parameters.areOf(now) : now.length === 0) return;
    throw new InvalidOptionError(
      `train: a callback changed what trains. Call network.setTrainable before or after train(), not meanwhile.`,
    );
  }
}

function assertOptimizer(optimizer: unknown): void {
  const fits = hasMethods(optimizer, "init", "update");
  assertThat(fits, "Learner: the optimiser", "one, such as sgd()", optimizer);
}

type Updated = ReturnType<Optimizer["update"]>;

function assertUpdate(update: unknown, { size }: Tensor1D): Updated {
  const { parameters, state } = Object(update) as Partial<Updated>;
  const fits = isVector(parameters) && parameters.size === size;
  const expected = `{ parameters, state } with a float32 vector of ${size} parameters`;
  assertThat(fits, "Learner: what update() of the optimiser returns", expected, update);
  assertMemory(state);
  return update as Updated;
}

function assertMemory(state: unknown): OptimizerState {
  const fits =
    typeof state === "object" &&
    state !== null &&
    !("then" in state) &&
    Object.values(state).every((vector) => isVector(vector));
  const expected = "an object of float32 vectors that were not disposed";
  assertThat(fits, "Learner: what the optimiser remembers", expected, state);
  return state as OptimizerState;
}

function isVector(value: unknown): value is Tensor1D {
  return (
    value instanceof Tensor && value.rank === 1 && value.dtype === "float32" && !value.isDisposed
  );
}

function kept(state: OptimizerState): OptimizerState {
  Object.values(state).forEach((vector) => keep(vector));
  return state;
}
