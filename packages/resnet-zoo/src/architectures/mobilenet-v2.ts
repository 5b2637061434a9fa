import {
  batchNorm,
  conv2d,
  dense,
  globalAveragePool,
  type Layer,
  sequential,
} from "@bn-only/frozen-layers";
import { type Architecture, defineArchitecture } from "../architecture.ts";
import { invertedResidual } from "../blocks/inverted-residual.ts";
import { joinStages } from "../stages.ts";

/** Table 2 of the paper; the stride is that of a stage's first block. */
const stageTable = [
  { expansion: 1, channels: 16, blocks: 1, stride: 1 },
  { expansion: 6, channels: 24, blocks: 2, stride: 2 },
  { expansion: 6, channels: 32, blocks: 3, stride: 2 },
  { expansion: 6, channels: 64, blocks: 4, stride: 2 },
  { expansion: 6, channels: 96, blocks: 3, stride: 1 },
  { expansion: 6, channels: 160, blocks: 3, stride: 2 },
  { expansion: 6, channels: 320, blocks: 1, stride: 1 },
] as const;
const STEM = 32;
const LAST = 1280;

/**
 * MobileNetV2 (Sandler et al. 2018) of width 1 for 224x224 images as torchvision builds it: inverted
 * residuals with linear ends, ReLU6 everywhere else. Without the dropout before the output layer.
 */
export const mobilenetV2: Architecture<Record<string, never>> = defineArchitecture({
  family: "mobilenet",
  grammar: "mobilenet-v2",

  parse: (name) => (name === "mobilenet-v2" ? {} : undefined),

  build(_, { inputShape, classes, checkpointedStages }) {
    let inputChannels = STEM;
    const stages = stageTable.map(({ expansion, channels, blocks, stride }) => {
      const stage: Record<string, Layer> = {};
      for (let block = 1; block <= blocks; block++) {
        stage[`block${block}`] = invertedResidual({
          inputChannels,
          outputChannels: channels,
          stride: block === 1 ? stride : 1,
          expansion,
        });
        inputChannels = channels;
      }
      return stage;
    });
    return sequential({
      stem: sequential({
        conv: conv2d({
          inputChannels: inputShape[2]!,
          outputChannels: STEM,
          stride: 2,
          padding: 1,
        }),
        bn: batchNorm(STEM, { activation: "relu6" }),
      }),
      ...joinStages(stages, checkpointedStages),
      last: sequential({
        conv: conv2d({ inputChannels, outputChannels: LAST, kernelSize: 1 }),
        bn: batchNorm(LAST, { activation: "relu6" }),
      }),
      pool: globalAveragePool(),
      head: dense({ inputs: LAST, outputs: classes }),
    });
  },

  defaults: { inputShape: [224, 224, 3], classes: 1000 },
  published: [{ name: "mobilenet-v2", source: "torchvision, whose 3,504,872 parameters it has" }],
  paper: {
    title: "MobileNetV2: Inverted Residuals and Linear Bottlenecks",
    url: "https://arxiv.org/abs/1801.04381",
  },
  pytorchModule,
});

/** Of a block in torchvision, where there is an expansion and where there is none. */
const blockModules: Readonly<Record<string, readonly [expanding: string, plain: string]>> = {
  expand: ["0.0", ""],
  bn1: ["0.1", ""],
  depthwise: ["1.0", "0.0"],
  bn2: ["1.1", "0.1"],
  project: ["2", "1"],
  bn3: ["3", "2"],
};

/** torchvision counts all blocks in a row, the stem before them and the last convolution behind them. */
function pytorchModule(path: string): string {
  const [part = "", blockName = "", layer = ""] = path.split("/");
  const before = (stage: number): number =>
    stageTable.slice(0, stage).reduce((sum, { blocks }) => sum + blocks, 1);
  if (part === "head") return "classifier.1";
  const ends: Readonly<Record<string, number>> = { stem: 0, last: before(stageTable.length) };
  if (part in ends) return `features.${ends[part]}.${blockName === "bn" ? 1 : 0}`;
  const stage = Number(part.slice("stage".length)) - 1;
  const index = before(stage) + Number(blockName.slice("block".length)) - 1;
  const [expanding, plain] = blockModules[layer]!;
  return `features.${index}.conv.${stageTable[stage]!.expansion > 1 ? expanding : plain}`;
}
