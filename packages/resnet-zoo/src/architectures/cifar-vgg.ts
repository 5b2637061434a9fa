import {
  batchNorm,
  conv2d,
  dense,
  globalAveragePool,
  type Layer,
  maxPool,
  sequential,
} from "@bn-only/frozen-layers";
import { type Architecture, defineArchitecture } from "../architecture.ts";
import { joinStages } from "../stages.ts";

/** Convolutions in each of the five stages, by depth; the output layer makes up the depth of the original with its two others. */
const depths: Readonly<Record<number, readonly number[]>> = {
  11: [1, 1, 2, 2, 2],
  13: [2, 2, 2, 2, 2],
  16: [2, 2, 3, 3, 3],
  19: [2, 2, 4, 4, 4],
};
const CHANNELS = [64, 128, 256, 512, 512];

/** What `cifar-vgg-<depth>` stands for: numbers of convolutions. */
export interface CifarVggConfiguration {
  /** In each of the five stages. */
  readonly convolutions: readonly number[];
}

/**
 * VGG (Simonyan & Zisserman 2014) for 32x32 images with BatchNorm, as in the code of the BatchNorm-only
 * paper: 3x3 convolutions with a bias, BatchNorm and ReLU; a 2x2 maximum after each of the first four
 * stages, the mean of what is left after the fifth, and one output layer in place of three. In training the
 * mean that BatchNorm takes away cancels the biases, which are there for the paper's counts.
 */
export const cifarVgg: Architecture<CifarVggConfiguration> = defineArchitecture({
  family: "cifar-vgg",
  grammar: "cifar-vgg-<depth> with a depth of 11, 13, 16 or 19",

  parse(name) {
    const match = /^cifar-vgg-([1-9]\d)$/.exec(name);
    const convolutions = match ? depths[Number(match[1])] : undefined;
    return convolutions && { convolutions };
  },

  build({ convolutions }, { inputShape, classes, checkpointedStages }) {
    const stages = convolutions.map((count, index) => {
      const inputChannels = index === 0 ? inputShape[2]! : CHANNELS[index - 1]!;
      return stage(count, inputChannels, CHANNELS[index]!, index < convolutions.length - 1);
    });
    return sequential({
      ...joinStages(stages, checkpointedStages),
      pool: globalAveragePool(),
      head: dense({ inputs: CHANNELS.at(-1)!, outputs: classes }),
    });
  },

  defaults: { inputShape: [32, 32, 3], classes: 10 },
  published: Object.keys(depths).map((depth) => ({
    name: `cifar-vgg-${depth}`,
    source: "the code of Frankle, Schwab & Morcos, which has no accuracies of it",
  })),
  paper: {
    title: "Very Deep Convolutional Networks for Large-Scale Image Recognition",
    url: "https://arxiv.org/abs/1409.1556",
  },
});

function stage(
  count: number,
  inputChannels: number,
  outputChannels: number,
  pooled: boolean,
): Record<string, Layer> {
  const layers: Record<string, Layer> = {};
  for (let i = 1; i <= count; i++) {
    layers[`conv${i}`] = conv2d({
      inputChannels: i === 1 ? inputChannels : outputChannels,
      outputChannels,
      padding: 1,
      bias: true,
    });
    layers[`bn${i}`] = batchNorm(outputChannels, { activation: "relu" });
  }
  if (pooled) layers["pool"] = maxPool({ size: 2 });
  return layers;
}
