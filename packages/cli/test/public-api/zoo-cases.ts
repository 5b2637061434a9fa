import * as zoo from "@bn-only/resnet-zoo";
import { call, type Cases } from "./case.ts";
import { tinyLayer } from "./fixtures.ts";

const block = { inputChannels: 4, outputChannels: 8, stride: 2 };
let families = 0;

const architecture = (family: string): zoo.Architecture<unknown> => ({
  family,
  grammar: `${family}-<n>`,
  parse: (name) => (name === `${family}-1` ? {} : undefined),
  build: () => tinyLayer(),
  defaults: { inputShape: [4, 4, 3], classes: 2 },
  published: [{ name: `${family}-1`, source: "nowhere" }],
  paper: { title: "none", url: "https://example.org" },
});

export const zooCases: Cases = {
  defineArchitecture: call(zoo.defineArchitecture, () => [architecture("mine")]),
  basicBlock: call(zoo.basicBlock, () => [block], { options: [[0]] }),
  bottleneckBlock: call(zoo.bottleneckBlock, () => [block], { options: [[0]] }),
  denseNetLayer: call(zoo.denseNetLayer, () => [{ inputChannels: 4, growth: 2 }], {
    options: [[0]],
  }),
  invertedResidual: call(zoo.invertedResidual, () => [{ ...block, expansion: 6 }], {
    options: [[0]],
  }),
  projection: call(zoo.projection, () => [block], { options: [[0]] }),
  createNetwork: [
    call(
      zoo.createNetwork,
      () => [
        "cifar-resnet-8",
        {
          seed: 0,
          weights: "kaimingNormal",
          batchNorm: "uniform",
          inputShape: [8, 8, 3],
          classes: 2,
          checkpointedStages: 1,
          architectures: [],
        },
      ],
      { options: [[1]] },
    ),
    call(zoo.createNetwork, () => ["mine-1", { architectures: [architecture("mine")] }]),
  ],
  defineNetwork: call(
    zoo.defineNetwork,
    () => [
      "cifar-resnet-8",
      { inputShape: [8, 8, 3], classes: 2, checkpointedStages: 1, architectures: [] },
    ],
    { options: [[1]] },
  ),
  describeNetwork: call(
    zoo.describeNetwork,
    () => ["imagenet-resnet-18", { inputShape: [64, 64, 3], classes: 2, architectures: [] }],
    { options: [[1]] },
  ),
  pytorchModules: call(zoo.pytorchModules, () => ["mobilenet-v2", { architectures: [] }], {
    options: [[1]],
  }),
  listNetworks: call(
    zoo.listNetworks,
    () => ["cifar-*", { architectures: [architecture("mine")] }],
    {
      options: [[1]],
    },
  ),
  architectures: call(
    () => zoo.architectures().length,
    () => [],
  ),
  registerArchitecture: call(zoo.registerArchitecture, () => [
    architecture(`walked-${families++}`),
  ]),
  residualStages: call(zoo.residualStages, () => [
    [{ blocks: 1, inputChannels: 4, outputChannels: 4, stride: 1 }],
    zoo.basicBlock as zoo.MakeBlock,
    1,
  ]),
};
