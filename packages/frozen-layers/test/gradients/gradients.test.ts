import {
  type Tensor,
  abs,
  add,
  addN,
  cast,
  ceil,
  clipByValue,
  clone,
  concat,
  cos,
  div,
  elu,
  erf,
  exp,
  expandDims,
  expm1,
  floor,
  equal,
  grad,
  greater,
  greaterEqual,
  leakyRelu,
  less,
  lessEqual,
  log,
  log1p,
  logSoftmax,
  matMul,
  max,
  maximum,
  mean,
  memory,
  min,
  minimum,
  mul,
  neg,
  notEqual,
  onesLike,
  pad,
  pow,
  prelu,
  reciprocal,
  relu,
  relu6,
  reshape,
  reverse,
  round,
  rsqrt,
  sigmoid,
  sign,
  sin,
  slice,
  softmax,
  softplus,
  split,
  sqrt,
  square,
  squaredDifference,
  stack,
  step,
  sub,
  sum,
  tanh,
  tensor,
  tidy,
  tile,
  transpose,
  unstack,
  where,
  zerosLike,
} from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { gradientKernels, registerMissingGradients } from "../../src/gradients/register.ts";
import { useCpu } from "../support/tiny.ts";

beforeAll(async () => {
  await useCpu();
  registerMissingGradients();
});

const values = [0.7, -1.3, 0.4, 2.1, -0.6, 1.6, -2.2, 0.9, 1.2, -0.8, 0.3, 1.9];
const other = (): Tensor => tensor([1.1, -0.7, 0.35, 1.7], [4]);
const column = (): Tensor => tensor([0.5, -0.9, 1.4], [3, 1]);

const positive = (x: Tensor): Tensor => add(mul(x, 0.2), 1.1);

/** Functions of `[3, 4]` numbers that are smooth where they are looked at. */
const functions: Readonly<Record<string, (x: Tensor) => Tensor>> = {
  Abs: abs,
  Add: (x) => add(column(), add(x, other())),
  "Add, repeated": (x) => add(sum(x, 0), x),
  AddN: (x) => addN([x, square(x)]),
  BatchMatMul: (x) => matMul(x, tensor(values, [4, 3])),
  "BatchMatMul, second": (x) => matMul(tensor(values, [4, 3]), x),
  "BatchMatMul, first transposed": (x) => matMul(x, tensor(values, [3, 4]), true, false),
  "BatchMatMul, second transposed": (x) => matMul(tensor(values, [3, 4]), x, false, true),
  "BatchMatMul, both transposed": (x) => matMul(x, tensor(values, [4, 3]), true, true),
  "BatchMatMul, both transposed, second": (x) => matMul(tensor(values, [4, 3]), x, true, true),
  Cast: (x) => mul(cast(x, "float32"), 2),
  Ceil: ceil,
  ClipByValue: (x) => clipByValue(x, -1, 1),
  Concat: (x) => concat([x, square(x)], -1),
  Cos: cos,
  Elu: elu,
  Erf: erf,
  Exp: exp,
  ExpandDims: (x) => square(expandDims(x, 1)),
  Expm1: expm1,
  Floor: floor,
  Identity: (x) => square(clone(x)),
  LeakyRelu: (x) => leakyRelu(x, 0.1),
  Equal: (x) => mul(x, cast(equal(x, other()), "float32")),
  Greater: (x) => where(greater(x, 0.5), square(x), zerosLike(x)),
  GreaterEqual: (x) => mul(x, cast(greaterEqual(x, column()), "float32")),
  Less: (x) => where(less(x, other()), square(x), x),
  LessEqual: (x) => mul(x, cast(lessEqual(x, other()), "float32")),
  Log: (x) => log(positive(x)),
  Log1p: (x) => log1p(positive(x)),
  LogSoftmax: (x) => logSoftmax(x),
  Max: (x) => max(x, 1),
  Maximum: (x) => maximum(x, other()),
  "Maximum, second": (x) => maximum(other(), x),
  Mean: (x) => mean(square(x), [0]),
  Min: (x) => min(x, 0),
  Minimum: (x) => minimum(x, column()),
  "Minimum, second": (x) => minimum(column(), x),
  Multiply: (x) => mul(x, mul(x, column())),
  Neg: neg,
  NotEqual: (x) => mul(x, cast(notEqual(x, other()), "float32")),
  OnesLike: (x) => mul(x, onesLike(x)),
  Pack: (x) => stack([x, square(x)], 1),
  PadV2: (x) =>
    square(
      pad(x, [
        [1, 0],
        [0, 2],
      ]),
    ),
  Pow: (x) => pow(positive(x), 2.5),
  "Pow, exponent": (x) => pow(tensor(1.7), x),
  Prelu: (x) => prelu(x, other()),
  "Prelu, slope": (x) => prelu(tensor(values, [3, 4]), x),
  RealDiv: (x) => div(x, other()),
  "RealDiv, second": (x) => div(other(), positive(x)),
  Reciprocal: (x) => reciprocal(positive(x)),
  Relu: relu,
  Relu6: (x) => relu6(mul(x, 3)),
  Reshape: (x) => square(reshape(x, [2, 6])),
  Reverse: (x) => mul(reverse(x, 1), other()),
  Round: round,
  Rsqrt: (x) => rsqrt(positive(x)),
  Select: (x) => where(tensor([1, 0, 1, 1], [4], "bool"), square(x), neg(x)),
  Sigmoid: sigmoid,
  Sign: sign,
  Sin: sin,
  Slice: (x) => square(slice(x, [1, 1], [2, 2])),
  Softmax: (x) => softmax(x),
  Softplus: softplus,
  SplitV: (x) => {
    const [left, right] = split(x, 2, 1);
    return mul(left!, square(right!));
  },
  Sqrt: (x) => sqrt(positive(x)),
  Square: square,
  SquaredDifference: (x) => squaredDifference(x, column()),
  Step: step,
  Sub: (x) => sub(column(), sub(x, other())),
  Sum: (x) => sum(square(x), 1),
  Tanh: tanh,
  Tile: (x) => square(tile(x, [2, 3])),
  "Tile, where with a row": (x) =>
    where(tensor([1, 0, 1, 1], [4], "bool"), square(x), slice(x, [1, 0], [1, 4])),
  Transpose: (x) => mul(transpose(x, [1, 0]), tensor(values, [4, 3])),
  Unpack: (x) => {
    const [first, , third] = unstack(x, 0);
    return mul(first!, square(third!));
  },
  ZerosLike: (x) => add(square(x), zerosLike(x)),
};

/** A weight for every number of the result, so that no gradient is one of ones. */
const weights = (size: number): number[] =>
  Array.from({ length: size }, (_, i) => ((7 * i) % 11) / 5 - 1);

test.each(Object.entries(functions))("%s: as central differences", (_, compute) => {
  const { shape, size } = compute(tensor(values, [3, 4]));
  const loss = (numbers: readonly number[]): number =>
    tidy(() => {
      const result = compute(tensor([...numbers], [3, 4])).dataSync();
      return weights(size).reduce((total, weight, i) => total + weight * result[i]!, 0);
    });
  const h = 1 / 128;
  const expected = values.map((_value, i) => {
    const moved = (by: number) => values.map((value, j) => (i === j ? value + by : value));
    return (loss(moved(h)) - loss(moved(-h))) / (2 * h);
  });
  const actual = grad(compute)(tensor(values, [3, 4]), tensor(weights(size), shape));
  for (const [i, value] of actual.dataSync().entries()) {
    expect(Math.abs(value - expected[i]!), `number ${i}`).toBeLessThan(
      2e-3 * Math.max(1, Math.abs(expected[i]!)),
    );
  }
});

test("every kernel with a gradient has a case", () => {
  const names = Object.keys(functions).map((name) => name.split(",")[0]);
  expect(gradientKernels.filter((name) => !names.includes(name))).toEqual([]);
});

test("a gradient leaves no tensor behind but its result", () => {
  const x = tensor(values, [3, 4]);
  const before = memory().numTensors;
  const gradient = grad((input: Tensor) => sum(mul(tanh(input), softmax(input))))(x);
  gradient.dispose();
  expect(memory().numTensors).toBe(before);
  zerosLike(x).dispose();
});
