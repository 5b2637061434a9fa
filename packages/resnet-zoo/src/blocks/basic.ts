import { batchNorm, conv2d, type Layer, residual } from "@bn-only/frozen-layers";
import { assertBlockOptions } from "./options.ts";
import { projection } from "./projection.ts";

/** Sizes of a residual block. `bottleneckBlock` takes the same ones; there 4 must divide `outputChannels`. */
export interface BasicBlockOptions {
  readonly inputChannels: number;
  readonly outputChannels: number;
  /** Of the first 3x3 convolution, and of the projection. */
  readonly stride: number;
}

/**
 * `relu(bn2(conv2(relu(bn1(conv1(x))))) + shortcut(x))` with 3x3 convolutions (He et al. 2015,
 * arXiv 1512.03385); a projection shortcut ("option B") where the shape changes.
 */
export function basicBlock(options: BasicBlockOptions): Layer {
  assertBlockOptions("basicBlock", options);
  const { inputChannels, outputChannels, stride } = options;
  const body = {
    conv1: conv2d({ inputChannels, outputChannels, stride, padding: 1 }),
    bn1: batchNorm(outputChannels, { activation: "relu" }),
    conv2: conv2d({ inputChannels: outputChannels, outputChannels, padding: 1 }),
    bn2: batchNorm(outputChannels, { activation: "relu" }),
  };
  const sameShape = stride === 1 && inputChannels === outputChannels;
  if (sameShape) return residual({ body });
  return residual({ body, shortcut: projection({ inputChannels, outputChannels, stride }) });
}
