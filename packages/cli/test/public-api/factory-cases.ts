import * as layers from "@bn-only/frozen-layers";
import { square, type Tensor } from "@tensorflow/tfjs-core";
import { call, type Case, type Cases } from "./case.ts";
import { inferencePass, some, tinyLayer } from "./fixtures.ts";

/** A factory, its layer's outline and its forward pass on `input`. */
function layerCases(
  make: (...args: never[]) => unknown,
  args: () => readonly unknown[],
  input: readonly number[],
  options: Case["options"] = [],
): readonly Case[] {
  /** With values, as in a network; they are gone after the call. */
  const within = <Result>(work: (layer: layers.Layer) => Result): Result => {
    const layer = (make as (...all: readonly unknown[]) => layers.Layer)(...args());
    const all = [...layers.walk(layer)];
    try {
      for (const { parameters, buffers } of all) {
        for (const state of parameters) {
          state.initialize(0, { weights: "binary", batchNorm: "fixed" });
        }
        for (const state of buffers) state.initialize();
      }
      return work(layer);
    } finally {
      for (const inner of all) {
        inner.dispose();
        for (const state of [...inner.parameters, ...inner.buffers]) state.dispose();
      }
    }
  };
  return [
    call(make, args, { options }),
    call(
      (shape: readonly number[]) => within((layer) => layer.outline(shape)),
      () => [input.slice(1)],
      {
        name: "outline",
      },
    ),
    call(
      (images: Tensor) =>
        within((layer) =>
          layers.disposingOnError(() => layer.forward(images, inferencePass()).output),
        ),
      () => [some(...input)],
      {
        name: "forward",
      },
    ),
  ];
}

const images = [2, 4, 4, 3];

export const factoryCases: Cases = {
  activation: layerCases(layers.activation, () => ["relu6"], images),
  batchNorm: layerCases(
    layers.batchNorm,
    () => [3, { affine: "both", activation: "relu", epsilon: 1e-5, momentum: 0.1 }],
    images,
    [[1]],
  ),
  checkpointed: layerCases(layers.checkpointed, () => [tinyLayer()], images),
  checkpointedSequential: layerCases(
    layers.checkpointedSequential,
    () => [{ body: tinyLayer() }, 1],
    images,
  ),
  concat: layerCases(
    layers.concat,
    () => [
      {
        a: layers.conv2d({ inputChannels: 3, outputChannels: 2 }),
        b: layers.conv2d({ inputChannels: 3, outputChannels: 1 }),
      },
    ],
    images,
  ),
  conv2d: layerCases(
    layers.conv2d,
    () => [
      {
        inputChannels: 3,
        outputChannels: 2,
        kernelSize: [3, 3],
        stride: 1,
        padding: 1,
        groups: 1,
        bias: true,
        role: "conv",
      },
    ],
    images,
    [[0]],
  ),
  dense: layerCases(
    layers.dense,
    () => [{ inputs: 3, outputs: 2, bias: true, role: "head" }],
    [2, 3],
    [[0]],
  ),
  flatten: layerCases(layers.flatten, () => [], images),
  fromFunction: layerCases(
    layers.fromFunction,
    () => [(input: Tensor) => square(input), { outputShape: (shape: readonly number[]) => shape }],
    images,
    [[1]],
  ),
  gated: layerCases(
    layers.gated,
    () => [
      layers.sequential({
        pool: layers.globalAveragePool(),
        gate: layers.dense({ inputs: 3, outputs: 3, role: "conv" }),
      }),
    ],
    images,
  ),
  identity: layerCases(layers.identity, () => [], images),
  pad: layerCases(layers.pad, () => [{ top: 1, bottom: 0, left: 1, right: 0 }], images, [[0]]),
  slice: layerCases(layers.slice, () => [{ begin: [0, 0, 1], size: [4, 4, 2] }], images, [[0]]),
  averagePool: layerCases(layers.averagePool, () => [{ size: 2, stride: 2, padding: 0 }], images, [
    [0],
  ]),
  maxPool: layerCases(layers.maxPool, () => [{ size: 2, stride: 2, padding: 1 }], images, [[0]]),
  globalAveragePool: layerCases(layers.globalAveragePool, () => [], images),
  relu: layerCases(layers.relu, () => [], images),
  residual: layerCases(
    layers.residual,
    () => [
      {
        body: {
          conv: layers.conv2d({ inputChannels: 3, outputChannels: 3, padding: 1 }),
          bn: layers.batchNorm(3),
        },
        shortcut: layers.batchNorm(3),
      },
    ],
    images,
    [[0]],
  ),
  sequential: layerCases(
    layers.sequential,
    () => [{ conv: layers.conv2d({ inputChannels: 3, outputChannels: 2 }) }],
    images,
  ),
};
