import {
  cast,
  div,
  greater,
  greaterEqual,
  less,
  lessEqual,
  log,
  logicalNot,
  mul,
  neg,
  pow,
  reshape,
  square,
  sub,
  sum,
  type Tensor,
  where,
  zeros,
  zerosLike,
} from "@tensorflow/tfjs-core";
import type { Rule } from "./gradient.ts";

/** Sums a gradient over the axes along which its input was repeated. */
function reduceTo(gradient: Tensor, { shape }: Tensor): Tensor {
  const added = gradient.rank - shape.length;
  const axes = gradient.shape.flatMap((length, axis) =>
    axis < added || (shape[axis - added] === 1 && length > 1) ? [axis] : [],
  );
  const reduced = axes.length > 0 ? sum(gradient, axes) : gradient;
  return reshape(reduced, shape);
}

/** Rule of `y = f(a, b)` with the two partial derivatives, each times `dL/dy`. */
function ofTwo(
  kernelName: string,
  toA: (dy: Tensor, a: Tensor, b: Tensor) => Tensor,
  toB: (dy: Tensor, a: Tensor, b: Tensor) => Tensor,
): Rule {
  return {
    kernelName,
    inputsToSave: ["a", "b"],
    gradient: (dy, [a, b]) => ({
      a: () => reduceTo(toA(dy, a!, b!), a!),
      b: () => reduceTo(toB(dy, a!, b!), b!),
    }),
  };
}

const chosenOnly = (dy: Tensor, chosen: Tensor): Tensor => mul(dy, cast(chosen, "float32"));

/** A step, flat on both sides of it. */
function comparison(kernelName: string): Rule {
  return {
    kernelName,
    inputsToSave: ["a", "b"],
    gradient: (_, [a, b]) => ({ a: () => zeros(a!.shape), b: () => zeros(b!.shape) }),
  };
}

export const broadcast: readonly Rule[] = [
  ofTwo(
    "Add",
    (dy) => dy,
    (dy) => dy,
  ),
  ofTwo("Sub", (dy) => dy, neg),
  ofTwo(
    "Multiply",
    (dy, _, b) => mul(dy, cast(b, "float32")),
    (dy, a) => mul(dy, cast(a, "float32")),
  ),
  ofTwo(
    "RealDiv",
    (dy, _, b) => div(dy, b),
    (dy, a, b) => neg(div(mul(dy, a), square(b))),
  ),
  ofTwo(
    "SquaredDifference",
    (dy, a, b) => mul(dy, mul(sub(a, b), 2)),
    (dy, a, b) => mul(dy, mul(sub(b, a), 2)),
  ),
  ofTwo(
    "Maximum",
    (dy, a, b) => chosenOnly(dy, greaterEqual(a, b)),
    (dy, a, b) => chosenOnly(dy, less(a, b)),
  ),
  ofTwo(
    "Minimum",
    (dy, a, b) => chosenOnly(dy, lessEqual(a, b)),
    (dy, a, b) => chosenOnly(dy, greater(a, b)),
  ),
  ofTwo(
    "Pow",
    (dy, a, b) => mul(dy, mul(b, pow(a, sub(b, 1)))),
    (dy, a, b) => mul(dy, mul(pow(a, b), where(greater(a, 0), log(a), zerosLike(a)))),
  ),
  ...["Equal", "NotEqual", "Greater", "GreaterEqual", "Less", "LessEqual"].map(comparison),
  {
    kernelName: "Prelu",
    inputsToSave: ["x", "alpha"],
    gradient: (dy, [x, alpha]) => ({
      x: () => where(greater(x!, 0), dy, mul(dy, alpha!)),
      alpha: () => reduceTo(where(greater(x!, 0), zerosLike(dy), mul(dy, x!)), alpha!),
    }),
  },
  {
    kernelName: "AddN",
    saveAllInputs: true,
    gradient: (dy, inputs) => inputs.map(() => () => dy),
  },
  {
    kernelName: "Select",
    inputsToSave: ["condition"],
    gradient: (dy, [condition]) => ({
      condition: () => cast(zerosLike(condition!), "float32"),
      t: () => chosenOnly(dy, condition!),
      e: () => chosenOnly(dy, logicalNot(condition!)),
    }),
  },
];
