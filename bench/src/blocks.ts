import {
  activation,
  batchNorm,
  concat,
  conv2d,
  dense,
  gated,
  globalAveragePool,
  identity,
  type Layer,
  residual,
  sequential,
  slice,
} from "@bn-only/frozen-layers";

export interface Block {
  /** `[height, width, channels]` */
  readonly inputShape: readonly number[];
  layer(): Layer;
}

const relu6 = (channels: number): Layer => batchNorm(channels, { activation: "relu6" }) as Layer;

const depthwise = (channels: number, kernelSize: number): Layer =>
  conv2d({
    inputChannels: channels,
    outputChannels: channels,
    groups: channels,
    kernelSize,
    padding: (kernelSize - 1) / 2,
  }) as Layer;

const pointwise = (inputChannels: number, outputChannels: number): Layer =>
  conv2d({ inputChannels, outputChannels, kernelSize: 1 }) as Layer;

/** One layer of a DenseNet of growth 32 (Huang et al. 2017) with a bottleneck. */
function denseLayer(channels: number): Layer {
  const wide = 128;
  return concat({
    all: identity(),
    new: sequential({
      bn1: batchNorm(channels, { activation: "relu" }),
      conv1: pointwise(channels, wide),
      bn2: batchNorm(wide, { activation: "relu" }),
      conv2: conv2d({ inputChannels: wide, outputChannels: 32, padding: 1 }),
    }) as Layer,
  }) as Layer;
}

/** MobileNetV2 (Sandler et al. 2018): expand, filter each channel, project. */
function invertedResidual(channels: number, kernelSize: number): Layer {
  const wide = 6 * channels;
  return residual({
    body: {
      expand: pointwise(channels, wide),
      bn1: relu6(wide),
      depthwise: depthwise(wide, kernelSize),
      bn2: relu6(wide),
      project: pointwise(wide, channels),
      bn3: batchNorm(channels),
    },
  }) as Layer;
}

/** A third of the channels each by 3x3, 5x5 and 7x7, as in MixNet (Tan & Le 2019). */
function mixed(side: number, channels: number): Layer {
  const part = (i: number, kernelSize: number): Layer =>
    sequential({
      slice: slice({ begin: [0, 0, (i * channels) / 3], size: [side, side, channels / 3] }),
      conv: depthwise(channels / 3, kernelSize),
    }) as Layer;
  return sequential({
    parts: concat({ small: part(0, 3), middle: part(1, 5), large: part(2, 7) }),
    bn: relu6(channels),
  }) as Layer;
}

/** Squeeze-and-excitation (Hu et al. 2018). */
function excite(channels: number): Layer {
  const squeeze = sequential({
    pool: globalAveragePool(),
    down: dense({ inputs: channels, outputs: channels / 4, role: "conv" }),
    relu: activation("relu"),
    up: dense({ inputs: channels / 4, outputs: channels, role: "conv" }),
    sigmoid: activation("sigmoid"),
  });
  return sequential({ bn: relu6(channels), gated: gated(squeeze as Layer) }) as Layer;
}

export const blocks: Readonly<Record<string, Block>> = {
  DenseNet: { inputShape: [28, 28, 224], layer: () => denseLayer(224) },
  MobileNet: { inputShape: [28, 28, 32], layer: () => invertedResidual(32, 3) },
  "MobileNet 5x5": { inputShape: [14, 14, 48], layer: () => invertedResidual(48, 5) },
  mixed: { inputShape: [14, 14, 288], layer: () => mixed(14, 288) },
  "squeeze-and-excitation": { inputShape: [28, 28, 192], layer: () => excite(192) },
};
