import {
  batchNorm,
  conv2d,
  dense,
  globalAveragePool,
  Network,
  sequential,
} from "@bn-only/frozen-layers";

/** Layers that work on each channel of the images alone, before any convolution mixes them. For images of 8x8x3. */
export function normalizedImages(seed: number): Network {
  const layer = sequential({
    images: batchNorm(3),
    depthwise: conv2d({ inputChannels: 3, outputChannels: 3, groups: 3, padding: 1 }),
    bn: batchNorm(3, { activation: "relu" }),
    conv1: conv2d({ inputChannels: 3, outputChannels: 8, padding: 1 }),
    norm1: batchNorm(8, { activation: "relu" }),
    conv2: conv2d({ inputChannels: 8, outputChannels: 8, padding: 1 }),
    norm2: batchNorm(8, { activation: "relu" }),
    conv3: conv2d({ inputChannels: 8, outputChannels: 8, kernelSize: 1 }),
    norm3: batchNorm(8, { activation: "relu" }),
    pool: globalAveragePool(),
    head: dense({ inputs: 8, outputs: 5 }),
  });
  const sizes = { inputShape: [8, 8, 3], classes: 5 };
  return new Network({ name: "normalized-images", layer, ...sizes }, { seed });
}
