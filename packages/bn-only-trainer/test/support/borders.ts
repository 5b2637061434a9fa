import {
  averagePool,
  batchNorm,
  conv2d,
  dense,
  flatten,
  type Layer,
  Network,
  pad,
  relu,
  residual,
  sequential,
} from "@bn-only/frozen-layers";

const relu6 = (channels: number): Layer => batchNorm(channels, { activation: "relu6" }) as Layer;

/**
 * What makes constants vary at a border: depthwise convolutions and means with a margin of zeros, and margins alone. A
 * flattened head, a bias before a BatchNorm and a block whose addition has no BatchNorm come along. For images of 8x8x3.
 */
export function borders(seed: number): Network {
  const layer = sequential({
    stem: conv2d({ inputChannels: 3, outputChannels: 8, padding: 1, bias: true }),
    bn: relu6(8),
    inverted: residual({
      body: {
        expand: conv2d({ inputChannels: 8, outputChannels: 16, kernelSize: 1 }),
        bn1: relu6(16),
        depthwise: conv2d({ inputChannels: 16, outputChannels: 16, groups: 16, padding: 1 }),
        bn2: relu6(16),
        project: conv2d({ inputChannels: 16, outputChannels: 8, kernelSize: 1 }),
        bn3: batchNorm(8),
      },
    }),
    means: averagePool({ size: 3, stride: 1, padding: 1 }),
    conv: conv2d({ inputChannels: 8, outputChannels: 12, kernelSize: 1, bias: true }),
    norm: relu6(12),
    margin: pad({ top: 1, left: 1 }),
    open: conv2d({ inputChannels: 12, outputChannels: 12, kernelSize: 2 }),
    normalized: relu6(12),
    added: residual({
      body: { conv: conv2d({ inputChannels: 12, outputChannels: 12, kernelSize: 1 }) },
    }),
    relu: relu(),
    half: averagePool({ size: 2 }),
    flat: flatten(),
    head: dense({ inputs: 192, outputs: 5 }),
  });
  return new Network({ name: "borders", layer, inputShape: [8, 8, 3], classes: 5 }, { seed });
}
