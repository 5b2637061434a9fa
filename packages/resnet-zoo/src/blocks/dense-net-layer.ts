import {
  batchNorm,
  concat,
  conv2d,
  identity,
  type Layer,
  sequential,
} from "@bn-only/frozen-layers";
import { assertOptions, assertWhole } from "../check.ts";

/** Sizes of `denseNetLayer`, which gives `inputChannels + growth` channels. */
export interface DenseNetLayerOptions {
  readonly inputChannels: number;
  /** Channels that it adds to those of its input, `k` in the paper. */
  readonly growth: number;
}

/** Channels between the two convolutions for one that is added. */
const BOTTLENECK = 4;

/**
 * `[x, conv2(relu(bn2(conv1(relu(bn1(x))))))]` with a 1x1 convolution to four times the growth and a 3x3 one:
 * the layer of DenseNet-B (Huang et al. 2017, arXiv 1608.06993, section 3).
 */
export function denseNetLayer(options: DenseNetLayerOptions): Layer {
  assertOptions("denseNetLayer", options, { inputChannels: true, growth: true });
  const { inputChannels, growth } = options;
  assertWhole("denseNetLayer: inputChannels", inputChannels, 1);
  assertWhole("denseNetLayer: growth", growth, 1);
  const middle = BOTTLENECK * growth;
  return concat({
    all: identity(),
    new: sequential({
      bn1: batchNorm(inputChannels, { activation: "relu" }),
      conv1: conv2d({ inputChannels, outputChannels: middle, kernelSize: 1 }),
      bn2: batchNorm(middle, { activation: "relu" }),
      conv2: conv2d({ inputChannels: middle, outputChannels: growth, padding: 1 }),
    }),
  });
}
