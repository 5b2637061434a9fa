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
import { basicBlock } from "../blocks/basic.ts";
import { bottleneckBlock, EXPANSION } from "../blocks/bottleneck.ts";
import { residualStages, type StageOptions } from "../stages.ts";

/** Blocks in each of the four stages, by depth. */
const basicDepths: Readonly<Record<number, readonly number[]>> = {
  18: [2, 2, 2, 2],
  34: [3, 4, 6, 3],
};
const bottleneckDepths: Readonly<Record<number, readonly number[]>> = {
  50: [3, 4, 6, 3],
  101: [3, 4, 23, 3],
  152: [3, 8, 36, 3],
  200: [3, 24, 36, 3],
};

/** What `imagenet-resnet-<depth>[-<width>]` stands for; `blocks` counts those of each of the four stages. */
export interface ImagenetResNetConfiguration {
  readonly blocks: readonly number[];
  readonly bottleneck: boolean;
  /** Multiplies the channels of every stage. */
  readonly width: number;
}

/**
 * The residual networks for 224x224 images of He et al. 2015, section 4.1, as torchvision builds
 * them: basic blocks up to depth 34, bottlenecks above.
 */
export const imagenetResNet: Architecture<ImagenetResNetConfiguration> = defineArchitecture({
  family: "imagenet-resnet",
  grammar: "imagenet-resnet-<depth>[-<width>] with a depth of 18, 34, 50, 101, 152 or 200",

  parse(name) {
    const match = /^imagenet-resnet-([1-9]\d{0,2})(?:-([1-9]\d{0,3}))?$/.exec(name);
    if (!match) return undefined;
    const depth = Number(match[1]);
    const blocks = basicDepths[depth] ?? bottleneckDepths[depth];
    return (
      blocks && { blocks, bottleneck: depth in bottleneckDepths, width: Number(match[2] ?? 1) }
    );
  },

  build({ blocks, bottleneck, width }, { inputShape, classes, checkpointedStages }) {
    const expansion = bottleneck ? EXPANSION : 1;
    const stages = blocks.map((count, index): StageOptions => {
      const channels = (stage: number): number => (64 * width * expansion) << stage;
      return {
        blocks: count,
        inputChannels: index === 0 ? 64 * width : channels(index - 1),
        outputChannels: channels(index),
        stride: index === 0 ? 1 : 2,
      };
    });
    const makeBlock = bottleneck ? bottleneckBlock : basicBlock;
    return sequential({
      stem: stem(inputShape[2], 64 * width),
      ...residualStages(stages, makeBlock, checkpointedStages),
      pool: globalAveragePool(),
      head: dense({ inputs: stages.at(-1)!.outputChannels, outputs: classes }),
    });
  },

  defaults: { inputShape: [224, 224, 3], classes: 1000 },
  published: [18, 34, 50, 101, 152, 200].map((depth) => ({
    name: `imagenet-resnet-${depth}`,
    source:
      depth === 152
        ? "torchvision, whose 60,192,808 parameters it has"
        : "Frankle, Schwab & Morcos, arXiv 2003.00152v2, Table 1, which has no accuracies",
  })),
  paper: {
    title: "Deep Residual Learning for Image Recognition",
    url: "https://arxiv.org/abs/1512.03385",
  },
});

function stem(inputChannels: number, outputChannels: number): Layer {
  return sequential({
    conv: conv2d({ inputChannels, outputChannels, kernelSize: 7, stride: 2, padding: 3 }),
    bn: batchNorm(outputChannels, { activation: "relu" }),
    pool: maxPool({ size: 3, stride: 2, padding: 1 }),
  });
}
