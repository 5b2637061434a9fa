import { memory, type Tensor, zeros } from "@tensorflow/tfjs-core";
import { FrozenLayersError, ShapeError } from "../errors.ts";
import { runOp } from "../kernels/run-op.ts";
import { activationGradientOp, activationOp } from "../ops/activation.ts";
import { adamOp } from "../ops/adam.ts";
import { batchNormGradientOp, batchNormInferenceOp, batchNormOp } from "../ops/batch-norm.ts";
import { addBiasOp, biasGradientOp } from "../ops/bias.ts";
import { concatChannelsOp, splitChannelsOp } from "../ops/channels.ts";
import * as conv from "../ops/conv2d.ts";
import { denseGradientOp, denseOp } from "../ops/dense.ts";
import { multiplyChannelsGradientOp, multiplyChannelsOp } from "../ops/multiply-channels.ts";
import { type AnyOp, labelOf, type Op, type OpTensors } from "../ops/op.ts";
import * as pool from "../ops/pool.ts";
import { gatherScalarsOp, scatterScalarsOp } from "../ops/scalars.ts";
import { sgdOp } from "../ops/sgd.ts";
import { padOp, sliceOp } from "../ops/slice.ts";
import { softmaxCrossEntropyOp } from "../ops/softmax-cross-entropy.ts";
import { sumOp } from "../ops/sum.ts";
import type { Shape } from "../shape.ts";
import type { ConformanceCase } from "./case.ts";

type Shapes = Readonly<Record<string, Shape>> | readonly Shape[];

const images = [2, 4, 4, 3];
const halves = [2, 2, 2, 3];
const geometry = { filterShape: [3, 3, 3, 4], stride: 1, padding: 1, groups: 1 };
const window = { size: 2, stride: 2, padding: 0 };
const affine = { gamma: [3], beta: [3] };
const statistics = { mean: [3], variance: [3] };
const running = { runningMean: [3], runningVariance: [3] };
const options = { epsilon: 1e-5, relu: true };
const gradients = { batchStatistics: true, inputGradient: true };
const vector = [5];

/** Inputs of every op, optional ones too, whose shapes fit. */
const fitting: readonly (readonly [AnyOp, Shapes, object])[] = [
  [conv.prepareFilterOp, { filter: geometry.filterShape }, geometry],
  [conv.prepareRotatedFilterOp, { filter: geometry.filterShape }, geometry],
  [conv.conv2dOp, { input: images, prepared: geometry.filterShape }, geometry],
  [
    conv.conv2dInputGradientOp,
    { outputGradient: [2, 4, 4, 4], prepared: [3, 3, 4, 3] },
    { ...geometry, inputShape: images },
  ],
  [conv.conv2dFilterGradientOp, { input: images, outputGradient: [2, 4, 4, 4] }, geometry],
  [
    batchNormOp,
    { input: images, ...affine, residual: images, ...running },
    { ...options, momentum: 0.1 },
  ],
  [batchNormInferenceOp, { input: images, ...affine, ...statistics, residual: images }, options],
  [
    batchNormGradientOp,
    { outputGradient: images, input: images, ...affine, ...statistics, output: images },
    { ...options, ...gradients },
  ],
  [activationOp, { input: images }, { kind: "relu" }],
  [activationGradientOp, { outputGradient: images, output: images }, { kind: "relu" }],
  [addBiasOp, { input: images, bias: [3] }, {}],
  [biasGradientOp, { outputGradient: images }, {}],
  [pool.maxPoolOp, { input: images }, window],
  [pool.maxPoolGradientOp, { outputGradient: halves, input: images, output: halves }, window],
  [pool.averagePoolOp, { input: images }, window],
  [pool.averagePoolGradientOp, { outputGradient: halves }, { ...window, inputShape: images }],
  [pool.globalAveragePoolOp, { input: images }, {}],
  [pool.globalAveragePoolGradientOp, { outputGradient: [2, 3] }, { inputShape: images }],
  [concatChannelsOp, [images, images], {}],
  [splitChannelsOp, { input: images }, { sizes: [1, 2] }],
  [sliceOp, { input: vector }, { begin: [1], size: [3] }],
  [padOp, { input: vector }, { paddings: [[1, 2]], value: 0 }],
  [multiplyChannelsOp, { input: images, gate: [2, 3] }, {}],
  [multiplyChannelsGradientOp, { input: images, gate: [2, 3], outputGradient: images }, {}],
  [sumOp, { a: images, b: images }, {}],
  [denseOp, { input: [2, 5], kernel: [5, 3], bias: [3] }, {}],
  [
    denseGradientOp,
    { outputGradient: [2, 3], kernel: [5, 3], input: [2, 5] },
    { input: true, kernel: true, bias: true },
  ],
  [softmaxCrossEntropyOp, { logits: [2, 5], labels: [2] }, {}],
  [
    sgdOp,
    { parameters: vector, velocity: vector, gradient: vector },
    { learningRate: 0.1, momentum: 0.9, weightDecay: 0, nesterov: false },
  ],
  [
    adamOp,
    { parameters: vector, firstMoment: vector, secondMoment: vector, gradient: vector },
    { learningRate: 0.1, beta1: 0.9, beta2: 0.99, epsilon: 1e-8, weightDecay: 0, step: 1 },
  ],
  [gatherScalarsOp, { values: vector, indices: [2] }, {}],
  [scatterScalarsOp, { values: vector, indices: [2], updates: [2] }, {}],
];

/** Every input of every op as a tensor of another type: the op refuses it by name. */
export function typeCases(): ConformanceCase[] {
  return fitting.map(([op, shapes, attributes]) => ({
    op,
    name: "inputs of another type are refused",
    tolerance: Number.MIN_VALUE,
    async run() {
      for (const name of Object.keys(shapes)) {
        for (const type of ["float32", "int32", "bool"] as const) {
          if (type !== rightType(op, name)) assertRefused(op as Op, shapes, attributes, name, type);
        }
      }
      return { error: 0 };
    },
  }));
}

function assertRefused(
  op: Op,
  shapes: Shapes,
  attributes: object,
  wrong: string,
  type: "float32" | "int32" | "bool",
): void {
  const before = memory().numTensors;
  const made = Object.entries(shapes).map(([name, shape]) => {
    return [
      name,
      zeros([...(shape as Shape)], name === wrong ? type : rightType(op, name)),
    ] as const;
  });
  const tensors = made.map(([, tensor]) => tensor);
  const inputs = (Array.isArray(shapes) ? tensors : Object.fromEntries(made)) as OpTensors;
  let refusal: string | undefined;
  let disposed: boolean;
  try {
    refusal = refusalOf(() => runOp(op, inputs, attributes));
    disposed = tensors.some((tensor) => tensor.isDisposed);
  } finally {
    tensors.forEach((tensor) => tensor.dispose());
  }
  const leaked = memory().numTensors - before;
  const named =
    refusal?.includes(`${wrong} of type`) && refusal.endsWith(`"${rightType(op, wrong)}").`);
  if (named && !disposed && leaked === 0) return;
  throw new FrozenLayersError(
    `${labelOf(op)}: expected ${wrong} of type ${type} to be refused by name, and nothing to be disposed or to leak; ` +
      `got ${refusal ?? "a result"}, ${leaked} tensors leaked.`,
  );
}

const rightType = (op: AnyOp, name: string): "float32" | "int32" =>
  op.indices.includes(name) ? "int32" : "float32";

/** What a ShapeError says; undefined where there was none. */
function refusalOf(run: () => OpTensors): string | undefined {
  try {
    const outputs = Object.values(run()) as (Tensor | undefined)[];
    outputs.forEach((output) => output?.dispose());
    return undefined;
  } catch (error) {
    if (error instanceof ShapeError) return error.message;
    throw error;
  }
}
