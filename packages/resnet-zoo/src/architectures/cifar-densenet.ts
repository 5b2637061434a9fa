import {
  averagePool,
  batchNorm,
  conv2d,
  dense,
  globalAveragePool,
  type Layer,
  sequential,
} from "@bn-only/frozen-layers";
import { type Architecture, defineArchitecture } from "../architecture.ts";
import { denseNetLayer } from "../blocks/dense-net-layer.ts";
import { joinStages } from "../stages.ts";

/** What `cifar-densenet-<depth>-<growth>` stands for. */
export interface CifarDenseNetConfiguration {
  /** In each of the three dense blocks: depth = 6 · layers + 4. */
  readonly layers: number;
  /** Channels that each layer adds, `k` in the paper. */
  readonly growth: number;
}

const BLOCKS = 3;
/** Of the channels, that a transition keeps: θ in the paper. */
const COMPRESSION = 0.5;

/**
 * DenseNet-BC for 32x32 images (Huang et al. 2017, section 3): a convolution to 2k channels, three dense
 * blocks of layers with a bottleneck of 4k channels, and between them transitions, which halve the channels
 * (θ = 0.5) and the image. BatchNorm and ReLU stand before each convolution but the first, and before the
 * output layer. Without dropout.
 */
export const cifarDenseNet: Architecture<CifarDenseNetConfiguration> = defineArchitecture({
  family: "cifar-densenet",
  grammar: "cifar-densenet-<depth>-<growth> with depth = 6n + 4 below 1000, a DenseNet-BC",

  parse(name) {
    const match = /^cifar-densenet-([1-9]\d{1,2})-([1-9]\d{0,2})$/.exec(name);
    if (!match) return undefined;
    const layers = (Number(match[1]) - 4) / 6;
    if (!Number.isInteger(layers) || layers < 1) return undefined;
    return { layers, growth: Number(match[2]) };
  },

  build({ layers, growth }, { inputShape, classes, checkpointedStages }) {
    let channels = 2 * growth;
    const stages: Record<string, Layer>[] = [];
    for (let block = 1; block <= BLOCKS; block++) {
      const stage: Record<string, Layer> = {};
      for (let layer = 1; layer <= layers; layer++) {
        stage[`layer${layer}`] = denseNetLayer({ inputChannels: channels, growth });
        channels += growth;
      }
      if (block < BLOCKS) {
        const kept = Math.floor(COMPRESSION * channels);
        stage["transition"] = transition(channels, kept);
        channels = kept;
      }
      stages.push(stage);
    }
    return sequential({
      stem: sequential({
        conv: conv2d({ inputChannels: inputShape[2]!, outputChannels: 2 * growth, padding: 1 }),
      }),
      ...joinStages(stages, checkpointedStages),
      bn: batchNorm(channels, { activation: "relu" }),
      pool: globalAveragePool(),
      head: dense({ inputs: channels, outputs: classes }),
    });
  },

  defaults: { inputShape: [32, 32, 3], classes: 10 },
  published: ["100-12", "250-24", "190-40"].map((sizes) => ({
    name: `cifar-densenet-${sizes}`,
    source: "Huang, Liu, van der Maaten & Weinberger, arXiv 1608.06993, Table 2",
  })),
  paper: {
    title: "Densely Connected Convolutional Networks",
    url: "https://arxiv.org/abs/1608.06993",
  },
});

function transition(inputChannels: number, outputChannels: number): Layer {
  return sequential({
    bn: batchNorm(inputChannels, { activation: "relu" }),
    conv: conv2d({ inputChannels, outputChannels, kernelSize: 1 }),
    pool: averagePool({ size: 2 }),
  });
}
