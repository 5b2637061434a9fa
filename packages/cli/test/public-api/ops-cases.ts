import * as layers from "@bn-only/frozen-layers";
import { tensor1d } from "@tensorflow/tfjs-core";
import { call, type Case, type Cases, type Place } from "./case.ts";
import { some } from "./fixtures.ts";

/** The op by `runOp`, with inputs and attributes. */
function op(which: unknown, args: () => readonly unknown[]): Case {
  return call(
    (inputs: layers.OpTensors, attributes: object) =>
      layers.runOp(which as layers.Op, inputs, attributes),
    args,
    { spare },
  );
}

/** Numbers beyond float32 are infinite there, which training tells. */
function spare(place: Place, wrong: string): boolean {
  const name = place.at(-1);
  return (name === "values" && wrong.startsWith("tensor")) || (place[0] === 1 && wrong === "1e300");
}

const geometry = { filterShape: [3, 3, 3, 2], stride: 1, padding: 1, groups: 1 } as const;
const pool = { size: 2, stride: 2, padding: 0 };
const images = [2, 4, 4, 3] as const;
const whole = (...values: number[]) => tensor1d(values, "int32");

function prepared(which: typeof layers.prepareFilterOp) {
  const filter = some(3, 3, 3, 2);
  const result = layers.runOp(which, { filter }, geometry).prepared;
  filter.dispose();
  return result;
}

const affine = () => ({ gamma: some(3), beta: some(3) });
const positive = () =>
  layers.runOp(layers.activationOp, { input: some(3) }, { kind: "sigmoid" }).output;
const statistics = () => ({ mean: some(3), variance: positive() });

export const opsCases: Cases = {
  runOp: call(
    layers.runOp as (...args: [layers.AnyOp, layers.OpTensors, object]) => unknown,
    () => [layers.sumOp, { a: some(2), b: some(2) }, {}],
    { spare: ([argument, ...rest]) => argument === 0 && rest.length > 0 },
  ),
  activationOp: op(layers.activationOp, () => [
    { input: some(...images) },
    { kind: "relu6" as const },
  ]),
  activationGradientOp: op(layers.activationGradientOp, () => [
    { outputGradient: some(...images), output: some(...images) },
    { kind: "relu" as const },
  ]),
  adamOp: op(layers.adamOp, () => [
    {
      parameters: some(3),
      firstMoment: some(3),
      secondMoment: positive(),
      gradient: some(3),
    } as never,
    {
      learningRate: 0.1,
      beta1: 0.9,
      beta2: 0.999,
      epsilon: 1e-8,
      weightDecay: 0,
      decoupled: false,
      step: 1,
    },
  ]),
  batchNormOp: op(layers.batchNormOp, () => [
    {
      input: some(...images),
      ...affine(),
      residual: some(...images),
      runningMean: some(3),
      runningVariance: positive(),
    },
    { epsilon: 1e-5, relu: true, momentum: 0.1 },
  ]),
  batchNormInferenceOp: op(layers.batchNormInferenceOp, () => [
    { input: some(...images), ...affine(), ...statistics(), residual: some(...images) },
    { epsilon: 1e-5, relu: false },
  ]),
  batchNormGradientOp: op(layers.batchNormGradientOp, () => [
    {
      input: some(...images),
      ...affine(),
      ...statistics(),
      outputGradient: some(...images),
      output: some(...images),
    },
    { epsilon: 1e-5, relu: true, batchStatistics: true, inputGradient: true },
  ]),
  addBiasOp: op(layers.addBiasOp, () => [{ input: some(...images), bias: some(3) }, {}]),
  biasGradientOp: op(layers.biasGradientOp, () => [{ outputGradient: some(...images) }, {}]),
  concatChannelsOp: op(layers.concatChannelsOp, () => [[some(2, 3), some(2, 4)], {}]),
  splitChannelsOp: op(layers.splitChannelsOp, () => [
    { input: some(...images) },
    { sizes: [1, 2] },
  ]),
  conv2dOp: op(layers.conv2dOp, () => [
    { input: some(...images), prepared: prepared(layers.prepareFilterOp) },
    geometry,
  ]),
  conv2dFilterGradientOp: op(layers.conv2dFilterGradientOp, () => [
    { input: some(...images), outputGradient: some(2, 4, 4, 2) },
    geometry,
  ]),
  conv2dInputGradientOp: op(layers.conv2dInputGradientOp, () => [
    { outputGradient: some(2, 4, 4, 2), prepared: prepared(layers.prepareRotatedFilterOp) },
    { ...geometry, inputShape: images },
  ]),
  prepareFilterOp: op(layers.prepareFilterOp, () => [{ filter: some(3, 3, 3, 2) }, geometry]),
  prepareRotatedFilterOp: op(layers.prepareRotatedFilterOp, () => [
    { filter: some(3, 3, 3, 2) },
    geometry,
  ]),
  denseOp: op(layers.denseOp, () => [
    { input: some(2, 3) as never, kernel: some(3, 2), bias: some(2) },
    {},
  ]),
  denseGradientOp: op(layers.denseGradientOp, () => [
    { outputGradient: some(2, 2), kernel: some(3, 2), input: some(2, 3) },
    { input: true, kernel: true, bias: true },
  ]),
  multiplyChannelsOp: op(layers.multiplyChannelsOp, () => [
    { input: some(...images), gate: some(2, 3) },
    {},
  ]),
  multiplyChannelsGradientOp: op(layers.multiplyChannelsGradientOp, () => [
    { input: some(...images), gate: some(2, 3), outputGradient: some(...images) },
    {},
  ]),
  averagePoolOp: op(layers.averagePoolOp, () => [{ input: some(...images) }, pool]),
  averagePoolGradientOp: op(layers.averagePoolGradientOp, () => [
    { outputGradient: some(2, 2, 2, 3) },
    { ...pool, inputShape: images },
  ]),
  globalAveragePoolOp: op(layers.globalAveragePoolOp, () => [{ input: some(...images) }, {}]),
  globalAveragePoolGradientOp: op(layers.globalAveragePoolGradientOp, () => [
    { outputGradient: some(2, 3) },
    { inputShape: images },
  ]),
  maxPoolOp: op(layers.maxPoolOp, () => [{ input: some(...images) }, pool]),
  maxPoolGradientOp: op(layers.maxPoolGradientOp, () => [
    { outputGradient: some(2, 2, 2, 3), input: some(...images), output: some(2, 2, 2, 3) },
    pool,
  ]),
  scalarIndices: call(layers.scalarIndices, () => [Int32Array.of(2, 0), 3]),
  gatherScalarsOp: op(layers.gatherScalarsOp, () => [
    { values: some(3), indices: layers.scalarIndices(Int32Array.of(2, 0), 3) },
    {},
  ]),
  scatterScalarsOp: op(layers.scatterScalarsOp, () => [
    { values: some(3), indices: layers.scalarIndices(Int32Array.of(2, 0), 3), updates: some(2) },
    {},
  ]),
  sgdOp: op(layers.sgdOp, () => [
    { parameters: some(3), velocity: some(3), gradient: some(3) } as never,
    { learningRate: 0.1, momentum: 0.9, weightDecay: 0, nesterov: false },
  ]),
  sliceOp: op(layers.sliceOp, () => [{ input: some(3, 4) }, { begin: [0, 1], size: [2, 2] }]),
  padOp: op(layers.padOp, () => [
    { input: some(2, 3) },
    {
      paddings: [
        [1, 0],
        [0, 2],
      ] as const,
      value: 0,
    },
  ]),
  softmaxCrossEntropyOp: op(layers.softmaxCrossEntropyOp, () => [
    { logits: some(2, 3), labels: whole(0, 2) },
    {},
  ]),
  sumOp: op(layers.sumOp, () => [{ a: some(2), b: some(2) }, {}]),
};
