import { type Parameter, sgd, type SgdOptions } from "@bn-only/frozen-layers";
import {
  concat1d,
  keep,
  reshape,
  split,
  type Tensor,
  type Tensor1D,
  tidy,
  zerosLike,
} from "@tensorflow/tfjs-core";

/** The trainable parameters laid end to end, and the momentum of each. */
export interface SgdState {
  readonly parameters: Tensor1D;
  readonly velocity: Tensor1D;
}

/** Starts from the parameters' current values, at rest. There must be at least one. */
export function initializeSgd(parameters: readonly Parameter[]): SgdState {
  const flat = flatten(parameters.map(({ value }) => value));
  return { parameters: keep(flat), velocity: keep(zerosLike(flat)) };
}

/** The state after one step, and the new value of every parameter, in order. */
export function updateSgd(
  state: SgdState,
  parameters: readonly Parameter[],
  gradients: ReadonlyMap<Parameter, Tensor>,
  options: SgdOptions,
): { state: SgdState; values: Tensor[] } {
  const gradient = flatten(parameters.map((parameter) => gradients.get(parameter)!));
  const next = sgd(state, gradient, options);
  gradient.dispose();
  return { state: next, values: unflatten(next.parameters, parameters) };
}

function flatten(tensors: readonly Tensor[]): Tensor1D {
  return tidy(() =>
    concat1d(
      // Vectors stay as they are: on a backend of native ops each reshape is one more of them.
      tensors.map((tensor) =>
        tensor.rank === 1 ? (tensor as Tensor1D) : reshape(tensor, [tensor.size]),
      ),
    ),
  );
}

function unflatten(vector: Tensor1D, parameters: readonly Parameter[]): Tensor[] {
  const pieces = split(
    vector,
    parameters.map(({ size }) => size),
  );
  return pieces.map((piece, i) => {
    const { shape } = parameters[i]!;
    if (shape.length === 1) return piece;
    const value = reshape(piece, [...shape]);
    piece.dispose();
    return value;
  });
}
