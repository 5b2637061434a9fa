import { atan, memory, mul, sigmoid, type Tensor } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import {
  batchNorm,
  concat,
  conv2d,
  dense,
  disposePass,
  flatten,
  fromFunction,
  FrozenLayersError,
  globalAveragePool,
  type Layer,
  maxPool,
  Network,
  residual,
  sequential,
  ShapeError,
  trainingPass,
} from "../../src/index.ts";
import { lossOf, randomTensor, tinyNetwork, useCpu } from "../support/tiny.ts";

beforeAll(useCpu);

const network = (layers: Record<string, Layer>) =>
  new Network({ name: "tiny", layer: sequential(layers), inputShape: [8, 8, 3], classes: 2 });

test("a layer that does not fit: the message names what came, what was expected and where", () => {
  const head = { pool: globalAveragePool(), head: dense({ inputs: 4, outputs: 2 }) };
  expect(() =>
    network({
      block1: conv2d({ inputChannels: 3, outputChannels: 8 }),
      block2: sequential({ conv1: conv2d({ inputChannels: 16, outputChannels: 4 }) }),
      ...head,
    }),
  ).toThrow(
    'conv2d: input has 8 channels, filter expects 16 ([3,3,16,4]). Check the layer before "block2/conv1".',
  );
  expect(() => network({ bn: batchNorm(4), ...head })).toThrow(
    'batchNorm: expected one input of shape [height,width,4] or [4], got [8,8,3]. Check the layer before "bn".',
  );
  expect(() => network({ flatten: flatten(), head: dense({ inputs: 5, outputs: 2 }) })).toThrow(
    'dense: expected one input of shape [5], got [192]. Check the layer before "head".',
  );
  expect(() =>
    network({ pool: globalAveragePool(), head: dense({ inputs: 3, outputs: 7 }) }),
  ).toThrow(/expected 2 logits per image \(\[2\]\), the layers give \[7\]/);
  expect(() => network({ max: maxPool({ size: 9 }), ...head })).toThrow(
    /9x9 window .* does not fit/,
  );
  expect(() =>
    network({ a: concat({ x: maxPool({ size: 2 }), y: batchNorm(3) }), ...head }),
  ).toThrow(/branches of "a" give \[4,4,3\] and \[8,8,3\]/);
  const widening = {
    conv: conv2d({ inputChannels: 3, outputChannels: 4, padding: 1 }),
    bn: batchNorm(4),
  };
  expect(() => network({ block: residual({ body: widening }), ...head })).toThrow(
    'residual: the body of "block" gives [8,8,4], its shortcut [8,8,3]. Give it a shortcut that projects to the body\'s shape.',
  );
});

test.each([
  [
    () => conv2d({ inputChannels: 3, outputChannels: 4, stride: 0 }),
    "conv2d: stride must be a whole number of at least 1, got 0.",
  ],
  [
    () => conv2d({ inputChannels: Number.NaN, outputChannels: 4 }),
    "conv2d: inputChannels must be a whole number of at least 1, got NaN.",
  ],
  [
    () => conv2d({ inputChannels: 3, outputChannels: 4, groups: 2 }),
    "conv2d: groups (2) must divide inputChannels (3) and outputChannels (4).",
  ],
  [() => batchNorm(0), "batchNorm: channels must be a whole number of at least 1, got 0."],
  [
    () => maxPool({ size: 2, padding: 2 }),
    "maxPool: padding (2) must be at most half of size (2).",
  ],
  [() => residual({ body: {} }), "residual: expected a body of layers, got none."],
  [
    () => batchNorm(3, { activation: "swish" as "relu" }),
    'batchNorm: activation "swish" does not exist. Choose one of relu, relu6, none.',
  ],
  [
    () => batchNorm(3, { affine: "gama" as "gamma" }),
    'batchNorm: affine "gama" does not exist; did you mean "gamma"? Choose one of both, gamma, beta, none.',
  ],
  [() => batchNorm(3, { epsilon: 0 }), "batchNorm: epsilon must be a number above 0, got 0."],
  [
    () => batchNorm(3, { epsilon: Infinity }),
    "batchNorm: epsilon must be a number above 0, got Infinity.",
  ],
  [
    () => batchNorm(3, { momentum: 1.5 }),
    "batchNorm: momentum must be a number from 0 to 1, got 1.5.",
  ],
  [
    () => conv2d({ inputChannels: 3, outputChannels: 4, kernelSize: [1, 2.5] }),
    "conv2d: kernelSize must be a whole number of at least 1, got 2.5.",
  ],
  [
    () => conv2d({ inputChannels: 3, outputChannels: 4, role: "skip" as "shortcut" }),
    'conv2d: role "skip" does not exist. Choose one of conv, shortcut.',
  ],
] as const)("bad option %#", (build, message) => {
  expect(build).toThrow(new ShapeError(message));
});

test("predict: images of another shape are refused", () => {
  const net = network({ pool: globalAveragePool(), head: dense({ inputs: 3, outputs: 2 }) });
  expect(() => net.predict(randomTensor("x", [1, 4, 4, 3]))).toThrow(
    "tiny: expected images of shape [batch,8,8,3], got [1,4,4,3].",
  );
});

function throughFunction(compute: (x: Tensor) => Tensor) {
  const net = tinyNetwork(
    sequential({
      bn: batchNorm(3),
      function: fromFunction(compute),
      pool: globalAveragePool(),
      head: dense({ inputs: 3, outputs: 2 }),
    }),
    [4, 4, 3],
  );
  net.setTrainable("bn");
  return net;
}

test("fromFunction: tfjs-core alone trains through common functions", () => {
  const net = throughFunction((x) => mul(sigmoid(x), x));
  const pass = trainingPass();
  const [input, direction] = [
    randomTensor("input", [2, 4, 4, 3]),
    randomTensor("direction", [2, 2]),
  ];
  const before = memory().numTensors;
  const loss = lossOf(net, input, direction, pass);
  expect(Number.isFinite(loss)).toBe(true);
  const gradients = net.trainable.map((parameter) => pass.gradients.get(parameter)!.dataSync());
  expect(gradients.every((values) => values.some((value) => value !== 0))).toBe(true);
  disposePass(pass);
  expect(memory().numTensors).toBe(before);
});

test("fromFunction: a function without a gradient says which, and what to register", () => {
  const net = throughFunction((x) => atan(x));
  const pass = trainingPass();
  const run = (): unknown =>
    lossOf(net, randomTensor("input", [2, 4, 4, 3]), randomTensor("direction", [2, 2]), pass);
  expect(run).toThrow(FrozenLayersError);
  expect(run).toThrow(
    'fromFunction: no gradient through "function": Cannot compute gradient: gradient function not found for Atan. ' +
      'Register it by tfjs\'s registerGradient, or import "@tensorflow/tfjs", which registers all.',
  );
  disposePass(pass);
});

test("errors are recognised across copies of the package", () => {
  expect(FrozenLayersError.isInstance(new ShapeError("x"))).toBe(true);
  expect(FrozenLayersError.isInstance(new Error("x"))).toBe(false);
});
