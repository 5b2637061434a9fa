import {
  batchNorm,
  concat,
  conv2d,
  averagePool,
  dense,
  globalAveragePool,
  identity,
  type Layer,
  Network,
  sequential,
} from "@bn-only/frozen-layers";

const GROWTH = 8;

/** BatchNorm, ReLU, a 3x3 convolution to a few new channels, joined with all that was there. */
function denseLayer(inputChannels: number): Layer {
  return concat({
    all: identity(),
    new: sequential({
      bn: batchNorm(inputChannels, { activation: "relu" }),
      conv: conv2d({ inputChannels, outputChannels: GROWTH, padding: 1 }),
    }) as Layer,
  }) as Layer;
}

/** A DenseNet (Huang et al. 2017) for images of 16x16x3: two blocks of three layers, halved between. */
export function denseNet(seed: number): Network {
  const layers: Record<string, Layer> = {
    stem: conv2d({ inputChannels: 3, outputChannels: 16, padding: 1 }) as Layer,
  };
  let channels = 16;
  for (const block of [1, 2]) {
    for (const layer of [1, 2, 3]) {
      layers[`block${block}-layer${layer}`] = denseLayer(channels);
      channels += GROWTH;
    }
    if (block === 2) break;
    layers["transition"] = sequential({
      bn: batchNorm(channels, { activation: "relu" }),
      conv: conv2d({ inputChannels: channels, outputChannels: channels / 2, kernelSize: 1 }),
      pool: averagePool({ size: 2 }),
    }) as Layer;
    channels /= 2;
  }
  const layer = sequential({
    ...layers,
    bn: batchNorm(channels, { activation: "relu" }),
    pool: globalAveragePool(),
    head: dense({ inputs: channels, outputs: 10 }),
  });
  const definition = { name: "dense-net", layer, inputShape: [16, 16, 3], classes: 10 };
  return new Network(definition, { seed });
}
