import {
  batchNorm,
  conv2d,
  dense,
  globalAveragePool,
  type Layer,
  sequential,
} from "@bn-only/frozen-layers";
import { type Architecture, defineArchitecture, type PublishedNetwork } from "../architecture.ts";
import { basicBlock } from "../blocks/basic.ts";
import { residualStages } from "../stages.ts";

/** What `cifar-resnet-<depth>[-<width> or -c<channels>]` stands for. */
export interface CifarResNetConfiguration {
  /** Basic blocks in each of the three stages: depth = 6 · blocks + 2. */
  readonly blocks: number;
  /** Multiplies the 16, 32 and 64 channels of the stages; a sixteenth is one channel. */
  readonly width: number;
}

/**
 * The residual networks for 32x32 images of He et al. 2015, section 4.2, with projection shortcuts,
 * as in the code of the BatchNorm-only paper. The depth counts the stem, the convolutions of the
 * blocks and the output layer, not the projections. `-<width>` multiplies 16 channels; `-c<channels>` names them, for
 * networks that are small enough to be shipped whole.
 */
export const cifarResNet: Architecture<CifarResNetConfiguration> = defineArchitecture({
  family: "cifar-resnet",
  grammar: "cifar-resnet-<depth>[-<width> or -c<channels>] with depth = 6n + 2 below 10000",

  parse(name) {
    const match = /^cifar-resnet-([1-9]\d{0,3})(?:-([1-9]\d{0,3})|-c([1-9]\d{0,3}))?$/.exec(name);
    if (!match) return undefined;
    const [, , width = 1, channels] = match;
    const blocks = (Number(match[1]) - 2) / 6;
    if (!Number.isInteger(blocks) || blocks < 1) return undefined;
    return { blocks, width: channels === undefined ? Number(width) : Number(channels) / 16 };
  },

  build({ blocks, width }, { inputShape, classes, checkpointedStages }) {
    const channels = [16 * width, 32 * width, 64 * width];
    const stages = channels.map((outputChannels, index) => ({
      blocks,
      inputChannels: channels[Math.max(0, index - 1)]!,
      outputChannels,
      stride: index === 0 ? 1 : 2,
    }));
    return sequential({
      stem: stem(inputShape[2], channels[0]!),
      ...residualStages(stages, basicBlock, checkpointedStages),
      pool: globalAveragePool(),
      head: dense({ inputs: channels[2]!, outputs: classes }),
    });
  },

  defaults: { inputShape: [32, 32, 3], classes: 10 },
  published: publishedNetworks(),
  paper: {
    title:
      "Training BatchNorm and Only BatchNorm: On the Expressive Power of Random Features in CNNs",
    url: "https://arxiv.org/abs/2003.00152",
  },
});

function stem(inputChannels: number, outputChannels: number): Layer {
  return sequential({
    conv: conv2d({ inputChannels, outputChannels, padding: 1 }),
    bn: batchNorm(outputChannels, { activation: "relu" }),
  });
}

/** The thirteen networks of the paper's CIFAR-10 table; ResNet-14 and WRN-14-1 are one and the same. */
function publishedNetworks(): PublishedNetwork[] {
  const source =
    "Frankle, Schwab & Morcos, arXiv 2003.00152v1, main figure, read off within 0.5 points";
  const rows: [name: string, batchNormOnly: number, allParameters: number][] = [
    ["cifar-resnet-14", 48.3, 90.4],
    ["cifar-resnet-32", 57.6, 92.2],
    ["cifar-resnet-56", 62.8, 92.9],
    ["cifar-resnet-110", 69.5, 93.3],
    ["cifar-resnet-218", 75.6, 93.3],
    ["cifar-resnet-434", 80.0, 92.8],
    ["cifar-resnet-866", 82, 92.7],
    ["cifar-resnet-14-1", 48.1, 90.4],
    ["cifar-resnet-14-2", 53.3, 92.9],
    ["cifar-resnet-14-4", 59.5, 94.0],
    ["cifar-resnet-14-8", 64.4, 94.6],
    ["cifar-resnet-14-16", 68.2, 95.0],
    ["cifar-resnet-14-32", 73.4, 95.1],
  ];
  return rows.map(([name, batchNormOnly, allParameters]) => ({
    name,
    batchNormOnly,
    allParameters,
    source,
  }));
}
