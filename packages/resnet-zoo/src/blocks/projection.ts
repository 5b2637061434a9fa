import { batchNorm, conv2d, type Layer, sequential } from "@bn-only/frozen-layers";
import { assertBlockOptions } from "./options.ts";

/** The "option B" shortcut: a 1x1 convolution without bias, then BatchNorm, and no ReLU. */
export function projection(options: {
  readonly inputChannels: number;
  readonly outputChannels: number;
  readonly stride: number;
}): Layer {
  assertBlockOptions("projection", options);
  return sequential({
    conv: conv2d({ ...options, kernelSize: 1, role: "shortcut" }),
    bn: batchNorm(options.outputChannels),
  });
}
