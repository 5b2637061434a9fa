import { type Parameter, sgd, type SgdOptions } from "@bn-only/frozen-layers";
import {
  concat1d,
  keep,
  reshape,
  split,
  type Tensor,
  type Tensor1D,
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
  const flat = tensors.map((tensor) => reshape(tensor, [tensor.size]) as Tensor1D);
  const vector = concat1d(flat);
  flat.forEach((tensor) => tensor.dispose());
  return vector;
}

function unflatten(vector: Tensor1D, parameters: readonly Parameter[]): Tensor[] {
  const pieces = split(
    vector,
    parameters.map(({ size }) => size),
  );
  return pieces.map((piece, i) => {
    const value = reshape(piece, [...parameters[i]!.shape]);
    piece.dispose();
    return value;
  });
}
