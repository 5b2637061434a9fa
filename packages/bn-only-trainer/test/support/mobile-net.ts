import {
  activation,
  batchNorm,
  concat,
  conv2d,
  dense,
  gated,
  globalAveragePool,
  type Layer,
  Network,
  residual,
  sequential,
  slice,
} from "@bn-only/frozen-layers";

const relu6 = (channels: number): Layer => batchNorm(channels, { activation: "relu6" }) as Layer;

/** Squeeze-and-excitation: one number for each channel, from the means of all. */
function excite(channels: number): Layer {
  const squeeze = sequential({
    pool: globalAveragePool(),
    down: dense({ inputs: channels, outputs: 4, role: "conv" }),
    relu: activation("relu"),
    up: dense({ inputs: 4, outputs: channels, role: "conv" }),
    sigmoid: activation("sigmoid"),
  });
  return gated(squeeze as Layer) as Layer;
}

/** Expand, filter each channel, project: the inverted residual with a linear bottleneck. */
function invertedResidual(inputChannels: number, outputChannels: number, stride: number): Layer {
  const wide = 4 * inputChannels;
  const body = {
    expand: conv2d({ inputChannels, outputChannels: wide, kernelSize: 1 }),
    bn1: relu6(wide),
    depthwise: conv2d({
      inputChannels: wide,
      outputChannels: wide,
      groups: wide,
      padding: 1,
      stride,
    }),
    bn2: relu6(wide),
    excite: excite(wide),
    project: conv2d({ inputChannels: wide, outputChannels, kernelSize: 1 }),
    bn3: batchNorm(outputChannels),
  } as Record<string, Layer>;
  const sameShape = stride === 1 && inputChannels === outputChannels;
  return (sameShape ? residual({ body }) : sequential(body)) as Layer;
}

/** Half of the channels by 3x3, half by 5x5, as in MixNet (Tan & Le 2019). */
function mixedDepthwise(channels: number, side: number): Layer {
  const half = channels / 2;
  const part = (begin: number, kernelSize: number): Layer =>
    sequential({
      slice: slice({ begin: [0, 0, begin], size: [side, side, half] }),
      conv: conv2d({
        inputChannels: half,
        outputChannels: half,
        groups: half,
        kernelSize,
        padding: (kernelSize - 1) / 2,
      }),
    }) as Layer;
  return sequential({
    parts: concat({ small: part(0, 3), large: part(half, 5) }),
    bn: relu6(channels),
  }) as Layer;
}

/** MobileNetV2 (Sandler et al. 2018) with squeeze-and-excitation, for images of 16x16x3. */
export function mobileNet(seed: number): Network {
  const layer = sequential({
    stem: conv2d({ inputChannels: 3, outputChannels: 8, padding: 1 }),
    bn: relu6(8),
    block1: invertedResidual(8, 8, 1),
    block2: invertedResidual(8, 16, 2),
    block3: invertedResidual(16, 16, 1),
    mixed: mixedDepthwise(16, 8),
    pool: globalAveragePool(),
    head: dense({ inputs: 16, outputs: 10 }),
  });
  const definition = { name: "mobile-net", layer, inputShape: [16, 16, 3], classes: 10 };
  return new Network(definition, { seed });
}
