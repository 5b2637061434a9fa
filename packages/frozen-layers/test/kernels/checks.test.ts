import { memory, ones, type Tensor, tensor1d } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import * as ops from "../../src/index.ts";
import { type AnyOp, allOps, type Op, type OpTensors, runOp, ShapeError } from "../../src/index.ts";
import { useCpu } from "../support/tiny.ts";

beforeAll(useCpu);

type Wrong = readonly [AnyOp, OpTensors, object];

const geometry = { filterShape: [3, 3, 2, 4] as const, stride: 1, padding: 1, groups: 1 };
const pool = { size: 2, stride: 2, padding: 0 };
const options = { epsilon: 1e-5, relu: false };
const index = (...values: number[]): Tensor => tensor1d(values, "int32");
const into = (size: number, ...values: number[]): Tensor =>
  ops.scalarIndices(Int32Array.from(values), size);
const images = (): Tensor => ones([2, 4, 4, 3]);
const affine = (): Record<"gamma" | "beta" | "mean" | "variance", Tensor> => ({
  gamma: ones([3]),
  beta: ones([3]),
  mean: ones([3]),
  variance: ones([3]),
});

/** Inputs that a kernel would read or write beyond its end. */
const wrong = (): Wrong[] => [
  [ops.prepareFilterOp, { filter: ones([3, 3, 4, 2]) }, geometry],
  [ops.maxPoolOp, { input: images() }, { ...pool, padding: 2 }],
  [
    ops.sliceOp,
    { input: ones([1, 1, 1, 1, 2]) },
    { begin: [0, 0, 0, 0, 0], size: [1, 1, 1, 1, 1] },
  ],
  [
    ops.padOp,
    { input: ones([1, 1, 1, 1, 2]) },
    { paddings: Array.from({ length: 5 }, () => [0, 1]), value: 0 },
  ],
  [ops.prepareRotatedFilterOp, { filter: ones([3, 3, 2]) }, geometry],
  [ops.conv2dOp, { input: images(), prepared: ones([3, 3, 2, 4]) }, geometry],
  [ops.conv2dOp, { input: ones([1, 4, 4, 2]), prepared: ones([1]) }, { ...geometry, stride: 0 }],
  [
    ops.conv2dInputGradientOp,
    { outputGradient: ones([1, 3, 4, 4]), prepared: ones([3, 3, 4, 2]) },
    { ...geometry, inputShape: [1, 4, 4, 2] },
  ],
  [
    ops.conv2dFilterGradientOp,
    { input: ones([2, 4, 4, 2]), outputGradient: ones([1, 4, 4, 4]) },
    geometry,
  ],
  [ops.batchNormOp, { input: images(), ...affine(), gamma: ones([2]) }, options],
  [ops.batchNormOp, { input: ones([4, 3]), ...affine() }, options],
  [ops.batchNormOp, { input: images(), ...affine(), residual: ones([1, 4, 4, 3]) }, options],
  [ops.batchNormOp, { input: images(), ...affine(), runningMean: ones([3]) }, options],
  [
    ops.batchNormOp,
    { input: images(), ...affine(), runningMean: ones([3]), runningVariance: ones([1]) },
    options,
  ],
  [ops.batchNormInferenceOp, { input: images(), ...affine(), variance: ones([1]) }, options],
  [ops.batchNormInferenceOp, { input: images(), ...affine(), residual: ones([3]) }, options],
  [
    ops.batchNormGradientOp,
    { input: images(), ...affine(), outputGradient: ones([2, 4, 4, 2]) },
    options,
  ],
  [
    ops.batchNormGradientOp,
    { input: images(), ...affine(), outputGradient: images(), output: ones([2, 4, 4, 1]) },
    options,
  ],
  [ops.activationOp, { input: images() }, { kind: "swish" }],
  [ops.activationGradientOp, { outputGradient: images(), output: ones([3]) }, { kind: "relu" }],
  [ops.addBiasOp, { input: images(), bias: ones([4]) }, {}],
  [ops.biasGradientOp, { outputGradient: ones([]) }, {}],
  [ops.maxPoolOp, { input: ones([4, 4, 3]) }, pool],
  [ops.maxPoolOp, { input: images() }, { ...pool, size: 5 }],
  [ops.maxPoolOp, { input: images() }, { ...pool, stride: 1.5 }],
  [
    ops.maxPoolGradientOp,
    { outputGradient: ones([2, 2, 2, 3]), input: images(), output: ones([2, 2, 2, 1]) },
    pool,
  ],
  [ops.averagePoolOp, { input: ones([4, 3]) }, pool],
  [
    ops.averagePoolGradientOp,
    { outputGradient: ones([2, 4, 4, 3]) },
    { ...pool, inputShape: [2, 4, 4, 3] },
  ],
  [ops.globalAveragePoolOp, { input: ones([4, 3]) }, {}],
  [ops.globalAveragePoolGradientOp, { outputGradient: ones([2, 4]) }, { inputShape: [2, 4, 4, 3] }],
  [ops.concatChannelsOp, [], {}],
  [ops.concatChannelsOp, [ones([2, 3]), ones([3, 3])], {}],
  [ops.splitChannelsOp, { input: images() }, { sizes: [1, 1] }],
  [ops.sliceOp, { input: ones([4]) }, { begin: [0.5], size: [2] }],
  [ops.sliceOp, { input: ones([4]) }, { begin: [0], size: [1.5] }],
  [ops.padOp, { input: ones([4]) }, { paddings: [[0.5, 1]], value: 0 }],
  [ops.multiplyChannelsOp, { input: images(), gate: ones([2, 4]) }, {}],
  [
    ops.multiplyChannelsGradientOp,
    { input: images(), gate: ones([2, 3]), outputGradient: ones([1, 4, 4, 3]) },
    {},
  ],
  [ops.sumOp, { a: ones([2, 3]), b: ones([3, 2]) }, {}],
  [ops.denseOp, { input: ones([2, 4]), kernel: ones([3, 5]) }, {}],
  [ops.denseOp, { input: ones([2, 4]), kernel: ones([4, 5]), bias: ones([4]) }, {}],
  [
    ops.denseGradientOp,
    { outputGradient: ones([2, 4]), kernel: ones([3, 5]) },
    { input: true, kernel: false, bias: false },
  ],
  [
    ops.denseGradientOp,
    { outputGradient: ones([2, 5]), kernel: ones([3, 5]) },
    { input: true, kernel: true, bias: false },
  ],
  [ops.softmaxCrossEntropyOp, { logits: ones([2, 4]), labels: index(1) }, {}],
  [ops.sgdOp, { parameters: ones([4]), velocity: ones([4]), gradient: ones([3]) }, {}],
  [
    ops.adamOp,
    {
      parameters: ones([4]),
      firstMoment: ones([4]),
      secondMoment: ones([5]),
      gradient: ones([4]),
    },
    { step: 1 },
  ],
  [ops.gatherScalarsOp, { values: ones([2, 2]), indices: into(4, 0) }, {}],
  [ops.gatherScalarsOp, { values: ones([2]), indices: ones([1]) }, {}],
  [ops.gatherScalarsOp, { values: ones([3]), indices: index(0) }, {}],
  [ops.gatherScalarsOp, { values: ones([3]), indices: into(4, 0) }, {}],
  [ops.scatterScalarsOp, { values: ones([4]), indices: into(4, 0, 1), updates: ones([1]) }, {}],
  [ops.scatterScalarsOp, { values: ones([3]), indices: into(4, 0), updates: ones([1]) }, {}],
];

const names = wrong().map(([{ name }]) => name);

test("checks: every op has a wrong input here", () => {
  expect(allOps.map(({ name }) => name).filter((name) => !names.includes(name))).toEqual([]);
});

test.each(names.map((name, at) => [name, at] as const))(
  "%s: refuses what does not fit, and disposes nothing (%i)",
  (_name, at) => {
    const [op, inputs, attributes] = wrong()[at]!;
    const before = memory().numTensors;
    expect(() => runOp(op as Op, inputs, attributes)).toThrow(ShapeError);
    expect(memory().numTensors).toBe(before);
  },
);

test("checks: the message names the op, the input and both shapes", () => {
  const inputs = { input: images(), ...affine(), gamma: ones([2]) };
  expect(() => runOp(ops.batchNormInferenceOp, inputs, options)).toThrow(
    "batchNormInference: expected gamma of shape [3], got [2].",
  );
});

test.each([
  [[0, 3], 3, "indices must be from 0 to 2, got 3."],
  [[-1, 0], 3, "indices must be from 0 to 2, got -1."],
  [[1, 1], 3, "indices must be distinct, got one of them twice."],
  [[0], 0, "size must be a whole number of at least 1, got 0."],
])("scalarIndices: %j of %i values", (indices, size, message) => {
  const before = memory().numTensors;
  const make = () => ops.scalarIndices(Int32Array.from(indices), size);
  expect(make).toThrow(ShapeError);
  expect(make).toThrow(`scalarIndices: ${message}`);
  expect(memory().numTensors).toBe(before);
});

test("gatherScalars: indices that nobody checked, and those into more values, say what to do", () => {
  const gather = (indices: Tensor) => () =>
    runOp(ops.gatherScalarsOp, { values: ones([3]), indices }, {});
  expect(gather(index(0))).toThrow(
    "gatherScalars: indices must be made by scalarIndices(), which checks them once.",
  );
  expect(gather(into(4, 0))).toThrow("gatherScalars: the indices are into 4 values, got only 3.");
  const clone = into(3, 2).clone();
  expect([...gather(clone)().output.dataSync()]).toEqual([1]);
});
