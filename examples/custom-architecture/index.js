// An architecture of one's own. `--plugin` takes this package, and `createNetwork(name, { architectures })`.

import {
  batchNorm,
  conv2d,
  dense,
  globalAveragePool,
  residual,
  sequential,
} from "@bn-only/frozen-layers";
import { defineArchitecture } from "@bn-only/resnet-zoo";

/**
 * ConvMixer (Trockman & Kolter 2022, arXiv 2201.09792) with ReLU: patches, then blocks that mix pixels by
 * a depthwise convolution and channels by a 1x1 convolution.
 */
const convMixer = defineArchitecture({
  family: "conv-mixer",
  grammar: "conv-mixer-<channels>-<depth>",

  parse(name) {
    const match = /^conv-mixer-([1-9]\d{0,3})-([1-9]\d{0,2})$/.exec(name);
    return match ? { channels: Number(match[1]), depth: Number(match[2]) } : undefined;
  },

  build({ channels, depth }, { inputShape, classes }) {
    const blocks = Array.from({ length: depth }, (_, i) => [`block${i + 1}`, block(channels)]);
    return sequential({
      patches: conv2d({
        inputChannels: inputShape[2],
        outputChannels: channels,
        kernelSize: 2,
        stride: 2,
      }),
      bn: relu(channels),
      ...Object.fromEntries(blocks),
      pool: globalAveragePool(),
      head: dense({ inputs: channels, outputs: classes }),
    });
  },

  defaults: { inputShape: [32, 32, 3], classes: 10 },
  published: [
    {
      name: "conv-mixer-32-4",
      source: "this example; counted by hand in test/custom-architecture.test.ts",
    },
  ],
  paper: { title: "Patches Are All You Need?", url: "https://arxiv.org/abs/2201.09792" },
});

export const architectures = [convMixer];

const relu = (channels) => batchNorm(channels, { activation: "relu" });

function block(channels) {
  const depthwise = { inputChannels: channels, outputChannels: channels, groups: channels };
  return sequential({
    pixels: residual({
      body: { conv: conv2d({ ...depthwise, kernelSize: 5, padding: 2 }), bn: relu(channels) },
    }),
    conv: conv2d({ inputChannels: channels, outputChannels: channels, kernelSize: 1 }),
    bn: relu(channels),
  });
}
