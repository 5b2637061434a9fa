import {
  type Parameter,
  runOp,
  type SgdAttributes,
  sgdOp,
  type SgdState,
} from "@bn-only/frozen-layers";
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

export type { SgdState };
export type SgdOptions = Omit<SgdAttributes, "nesterov">;

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
  const { learningRate, momentum, weightDecay } = options;
  const attributes = { learningRate, momentum, weightDecay, nesterov: false };
  const next = runOp(sgdOp, { ...state, gradient }, attributes);
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
