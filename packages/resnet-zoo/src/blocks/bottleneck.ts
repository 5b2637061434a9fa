import { batchNorm, conv2d, type Layer, residual } from "@bn-only/frozen-layers";
import type { BasicBlockOptions } from "./basic.ts";
import { assertBlockOptions } from "./options.ts";
import { projection } from "./projection.ts";

/** Channels of a bottleneck's output for one of its middle convolution. */
export const EXPANSION = 4;

/**
 * 1x1, 3x3 and 1x1 convolutions, the middle one a quarter as wide as the output and with the stride
 * (He et al. 2015, arXiv 1512.03385, figure 5; the stride as in torchvision's "v1.5"); a projection
 * shortcut where the shape changes.
 */
export function bottleneckBlock(options: BasicBlockOptions): Layer {
  assertBlockOptions("bottleneckBlock", options);
  const { inputChannels, outputChannels, stride } = options;
  const middle = outputChannels / EXPANSION;
  const body = {
    conv1: conv2d({ inputChannels, outputChannels: middle, kernelSize: 1 }),
    bn1: batchNorm(middle, { activation: "relu" }),
    conv2: conv2d({ inputChannels: middle, outputChannels: middle, stride, padding: 1 }),
    bn2: batchNorm(middle, { activation: "relu" }),
    conv3: conv2d({ inputChannels: middle, outputChannels, kernelSize: 1 }),
    bn3: batchNorm(outputChannels, { activation: "relu" }),
  };
  const sameShape = stride === 1 && inputChannels === outputChannels;
  if (sameShape) return residual({ body });
  return residual({ body, shortcut: projection({ inputChannels, outputChannels, stride }) });
}
