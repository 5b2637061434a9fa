import {
  countTrainable,
  disposingOnError,
  gatherScalarsOp,
  type Parameter,
  runOp,
  scalarIndices,
  scatterScalarsOp,
} from "@bn-only/frozen-layers";
import {
  concat1d,
  keep,
  reshape,
  split,
  type Tensor,
  type Tensor1D,
  tidy,
} from "@tensorflow/tfjs-core";
import { InvalidOptionError } from "./errors.ts";

/** A parameter's part of the vector. */
interface Slot {
  readonly parameter: Parameter;
  /** The parameter's own list of the numbers that train, where not all of them do. */
  readonly positions: Int32Array | undefined;
  /** The same for gathering and scattering. */
  readonly indices: Tensor1D | undefined;
  /** Of the value that the vector holds. */
  version: number;
}

/**
 * All numbers that train, laid end to end: what an optimiser sees. It follows the parameters: whatever
 * somebody else writes into one of them is in the vector at the next look.
 */
export class FlatParameters {
  readonly size: number;
  readonly #slots: readonly Slot[];
  #values: Tensor1D;

  /** There must be at least one trainable parameter. */
  constructor(parameters: readonly Parameter[]) {
    this.size = countTrainable(parameters);
    [this.#slots, this.#values] = disposingOnError(() => {
      const slots = parameters.map((parameter) => {
        const { trainableIndices: positions, size, version } = parameter;
        const indices = positions && scalarIndices(positions, size);
        return { parameter, version, positions, indices };
      });
      return [slots, flatten(slots, ({ value }) => value)];
    });
    for (const { indices } of this.#slots) if (indices) keep(indices);
    keep(this.#values);
  }

  get parameters(): readonly Parameter[] {
    return this.#slots.map(({ parameter }) => parameter);
  }

  /** Whether these parameters, and the same numbers of them, are what the vector holds. */
  areOf(trainable: readonly Parameter[]): boolean {
    const isOf = ({ parameter, positions }: Slot, i: number): boolean =>
      parameter === trainable[i] && parameter.trainableIndices === positions;
    return trainable.length === this.#slots.length && this.#slots.every(isOf);
  }

  /** The vector, `[size]`; borrowed. */
  get values(): Tensor1D {
    if (this.#slots.some(({ parameter, version }) => parameter.version !== version)) {
      this.#replace(flatten(this.#slots, ({ value }) => value));
    }
    return this.#values;
  }

  /**
   * Gradients of all parameters as a vector, `[size]`, which the caller owns.
   *
   * @throws InvalidOptionError for one that is missing, ShapeError for one that is not float32 of its parameter's shape.
   */
  flattenGradients(gradients: ReadonlyMap<Parameter, Tensor>): Tensor1D {
    return flatten(this.#slots, (parameter) => gradientOf(parameter, gradients.get(parameter)));
  }

  /** Cuts a vector into new values of the parameters, in order; the caller owns them. */
  unflatten(vector: Tensor1D): Tensor[] {
    const sizes = this.#slots.map(({ parameter }) => parameter.trainableSize);
    return split(vector, sizes).map((piece, i) => {
      const { parameter, indices } = this.#slots[i]!;
      const values = indices ? this.#scatter(parameter, indices, piece) : piece;
      if (parameter.shape.length === 1) return values;
      const shaped = reshape(values, [...parameter.shape]);
      values.dispose();
      return shaped;
    });
  }

  /** Gives the parameters their new values; owns the vector and the values cut from it. */
  commit(vector: Tensor1D, values: readonly Tensor[]): void {
    this.#slots.forEach(({ parameter }, i) => parameter.set(values[i]!));
    this.#replace(vector);
  }

  dispose(): void {
    this.#values.dispose();
    this.#slots.forEach(({ indices }) => indices?.dispose());
  }

  #replace(vector: Tensor1D): void {
    this.#values.dispose();
    this.#values = keep(vector);
    for (const slot of this.#slots) slot.version = slot.parameter.version;
  }

  /** The parameter's numbers with those that train replaced. Owns the piece. */
  #scatter(parameter: Parameter, indices: Tensor1D, piece: Tensor): Tensor {
    const values = reshape(parameter.value, [parameter.size]);
    const { output } = runOp(scatterScalarsOp, { values, indices, updates: piece }, {});
    [values, piece].forEach((used) => used.dispose());
    return output;
  }
}

function gradientOf(parameter: Parameter, gradient: Tensor | undefined): Tensor {
  const { path } = parameter;
  if (gradient === undefined) {
    throw new InvalidOptionError(
      `train: there is no gradient of "${path}". The backward of its layer has to set it in pass.gradients, and a Learner is of ` +
        `the network and of what trained when it was made.`,
    );
  }
  parameter.assertFits(gradient, `train: the gradient of "${path}"`);
  return gradient;
}

/** What `tensorOf` gives for each slot, laid end to end. */
function flatten(slots: readonly Slot[], tensorOf: (parameter: Parameter) => Tensor): Tensor1D {
  return tidy(() =>
    concat1d(
      slots.map(({ parameter, indices }) => {
        const tensor = tensorOf(parameter);
        // Vectors stay as they are: on a backend of native ops each reshape is one more of them.
        const vector = tensor.rank === 1 ? (tensor as Tensor1D) : reshape(tensor, [tensor.size]);
        return indices
          ? runOp(gatherScalarsOp, { values: vector as Tensor1D, indices }, {}).output
          : (vector as Tensor1D);
      }),
    ),
  );
}
