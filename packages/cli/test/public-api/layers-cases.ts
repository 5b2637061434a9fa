import * as layers from "@bn-only/frozen-layers";
import { type Tensor } from "@tensorflow/tfjs-core";
import { call, type Cases, type Place } from "./case.ts";
import {
  inferencePass,
  parameterWithValue,
  some,
  statisticWithValue,
  tinyDefinition,
  tinyLayer,
  tinyNetwork,
  withNetwork,
  withState,
} from "./fixtures.ts";

const images = [2, 4, 4, 3];

export const layersCases: Cases = {
  defineLayer: call(layers.defineLayer, () => [
    {
      kind: "mine",
      outline: (shape: layers.Shape) => ({ outputShape: shape, macs: 0 }),
      forward: (input: Tensor) => ({ output: input, saved: undefined }),
      backward: (_saved: unknown, gradient: Tensor) => gradient,
    },
  ]),
  forwardThrough: call(
    layers.forwardThrough,
    () => [layers.relu(), some(...images), inferencePass()],
    {
      // The rest of a pass is made by the packages, not by users.
      spare: ([argument]) => argument === 2,
    },
  ),
  observed: call(
    layers.observed,
    () => [layers.relu(), { output: some(2), saved: undefined }, inferencePass()],
    // It hands on what it is given.
    { spare: ([argument]) => argument !== 0 },
  ),
  hasTrainable: call(layers.hasTrainable, () => [tinyLayer()]),
  needsBackward: call(layers.needsBackward, () => [tinyLayer(), inferencePass()]),
  walk: call(
    (layer: layers.Layer) => [...layers.walk(layer)].length,
    () => [tinyLayer()],
  ),
  describeLayer: call(layers.describeLayer, () => [tinyLayer()]),
  buildLayer: call(layers.buildLayer, () => [layers.describeLayer(tinyLayer())]),
  disposePass: call(layers.disposePass, () => [layers.trainingPass()]),
  trainingPass: call(layers.trainingPass, () => [{ record: false }], { options: [[0]] }),
  Network: call(
    (definition: layers.NetworkDefinition, options?: layers.NetworkOptions) =>
      new layers.Network(definition, options),
    () => [tinyDefinition(), { seed: 1, weights: "kaimingNormal", batchNorm: "uniform" }],
    { options: [[1]] },
  ),
  "Network.setTrainable": [
    call(
      (selection: layers.TrainableSelection) =>
        withNetwork((network) => network.setTrainable(selection)),
      () => [
        [
          "bn",
          "head.**",
          { not: "conv" },
          (parameter: layers.Parameter) => parameter.size > 0,
        ].slice(0, 1) as string[],
      ],
    ),
    call(
      (selection: layers.TrainableSelection) =>
        withNetwork((network) => network.setTrainable(selection)),
      () => [[{ not: "conv" }, { select: "bn", indices: () => Int32Array.of(0) }]],
    ),
  ],
  "Network.fixStatistics": call(
    (selector: layers.Selector<layers.RunningStatistic>) =>
      withNetwork((network) => network.fixStatistics(selector)),
    () => ["bn"],
  ),
  "Network.predict": call(
    (input: Tensor, observe?: layers.Pass["observe"]) =>
      withNetwork((network) => network.predict(input, observe)),
    () => [some(...images), () => undefined],
  ),
  "Network.accept": call(
    (input: Tensor) => withNetwork((network) => network.accept(input)),
    () => [some(...images)],
  ),
  "Network.fingerprint": call(
    async () => {
      const network = tinyNetwork();
      await network.fingerprint();
      network.dispose();
    },
    () => [],
  ),
  "Network.dispose": call(
    () => withNetwork((network) => network.dispose()),
    () => [],
  ),
  outlineNetwork: call(layers.outlineNetwork, () => [tinyDefinition()]),
  registerOpKernel: call(
    layers.registerOpKernel as (...args: [layers.AnyOp, string, () => never]) => void,
    () => [layers.defineOp({ name: "BnOnlyWalked" }), "nowhere", () => [] as never],
    { spare: insideOp },
  ),
  implementation: call(
    layers.implementation as (...args: [layers.AnyOp, () => never]) => unknown,
    () => [layers.sumOp, () => [] as never],
    { spare: insideOp },
  ),
  observeOps: call(
    (listener: () => void) => layers.observeOps(listener)(),
    () => [() => undefined],
  ),
  conv2dOutputShape: call(layers.conv2dOutputShape, () => [
    [4, 4, 3],
    { filterShape: [3, 3, 3, 2], stride: 1, padding: 1, groups: 1 },
    "stem",
  ]),
  defineOp: call(layers.defineOp, () => [{ name: "BnOnlyMine", owns: [], check: () => undefined }]),
  countParameters: call(layers.countParameters, () => [[parameterWithValue()]]),
  countScalars: call(layers.countScalars, () => [[parameterWithValue()], "bn."]),
  countTrainable: call(layers.countTrainable, () => [[parameterWithValue()]]),
  fingerprint: call(layers.fingerprint, () => [
    [parameterWithValue()],
    new Map([["bn/gamma", Int32Array.of(0)]]),
  ]),
  Parameter: call(
    (name: string, role: layers.ParameterRole, shape: layers.Shape, fanIn?: number) =>
      new layers.Parameter(name, role, shape, fanIn),
    () => ["gamma", "bn.gamma", [2], 1],
  ),
  "Parameter.trainOnly": call(
    (indices: Int32Array) => withState(parameterWithValue(), (state) => state.trainOnly(indices)),
    () => [Int32Array.of(0)],
  ),
  "Parameter.assertPositions": call(
    (indices: Int32Array) =>
      withState(parameterWithValue(), (state) => state.assertPositions(indices)),
    () => [Int32Array.of(0)],
  ),
  "Parameter.initialize": call(
    (seed: number, initialization: layers.Initialization) =>
      withState(parameterWithValue(), (state) => state.initialize(seed, initialization)),
    () => [1, { weights: "binary", batchNorm: "fixed" }],
  ),
  "Parameter.initialValues": call(
    (seed: number, initialization: layers.Initialization) =>
      withState(parameterWithValue(), (state) => state.initialValues(seed, initialization)),
    () => [1, { weights: "orthogonal", batchNorm: "fixed" }],
  ),
  "Parameter.assertFits": call(
    (value: Tensor) => withState(parameterWithValue(), (state) => state.assertFits(value)),
    () => [some(2)],
  ),
  "Parameter.set": call(
    (value: Tensor) => withState(parameterWithValue(), (state) => state.set(value)),
    () => [some(2)],
  ),
  "Parameter.dispose": call(
    () => withState(parameterWithValue(), (state) => state.dispose()),
    () => [],
  ),
  RunningStatistic: call(
    (name: string, role: layers.StatisticRole, shape: layers.Shape) =>
      new layers.RunningStatistic(name, role, shape),
    () => ["mean", "bn.mean", [2]],
  ),
  "RunningStatistic.initialize": call(
    () => withState(statisticWithValue(), (state) => state.initialize()),
    () => [],
  ),
  "RunningStatistic.assertFits": call(
    (value: Tensor) => withState(statisticWithValue(), (state) => state.assertFits(value)),
    () => [some(2)],
  ),
  "RunningStatistic.set": call(
    (value: Tensor) => withState(statisticWithValue(), (state) => state.set(value)),
    () => [some(2)],
  ),
  "RunningStatistic.dispose": call(
    () => withState(statisticWithValue(), (state) => state.dispose()),
    () => [],
  ),
  not: call(
    (selector: layers.Selector) =>
      withNetwork((network) => layers.select(network.parameters, layers.not(selector)).length),
    () => ["head.kernel"],
  ),
  select: call(layers.select, () => [[parameterWithValue()], ["bn"]]),
  randomStream: call(
    (seed: number, path: string) => layers.randomStream(seed, path).normal(3),
    () => [0, "stem"],
  ),
  "randomStream().words": call(
    (length: number) => layers.randomStream(0, "a").words(length),
    () => [3],
  ),
  "randomStream().uniform": call(
    (length: number) => layers.randomStream(0, "a").uniform(length),
    () => [3],
  ),
  "randomStream().normal": call(
    (length: number) => layers.randomStream(0, "a").normal(length),
    () => [3],
  ),
  "randomStream().normalFloat32": call(
    (length: number, deviation?: number) =>
      layers.randomStream(0, "a").normalFloat32(length, deviation),
    () => [3],
  ),
  bytesLeft: call(layers.bytesLeft, () => []),
  formatBytes: call(layers.formatBytes, () => [1024]),
  isOutOfMemory: call(layers.isOutOfMemory, () => [
    new RangeError("Array buffer allocation failed"),
  ]),
  disposingOnError: call(layers.disposingOnError, () => [() => 1]),
};

/** `defineOp` has made it, and checked what it is made of. */
function insideOp([argument, ...rest]: Place): boolean {
  return argument === 0 && rest.length > 0;
}
