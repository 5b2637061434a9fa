import { batchNorm, conv2d, type Layer, residual, sequential } from "@bn-only/frozen-layers";
import { assertSizes } from "./options.ts";

/** Sizes of `invertedResidual`, in whole numbers from 1. */
export interface InvertedResidualOptions {
  readonly inputChannels: number;
  readonly outputChannels: number;
  /** Of the depthwise convolution. */
  readonly stride: number;
  /** Channels of the depthwise convolution for one of the input, `t` in the paper; 1 leaves the first convolution out. */
  readonly expansion: number;
}

/**
 * `bn3(project(relu6(bn2(depthwise(relu6(bn1(expand(x)))))))) + x`: 1x1, 3x3 depthwise and 1x1
 * convolutions with a linear end (Sandler et al. 2018, arXiv 1801.04381, section 3). There is no sum where the shape
 * changes.
 */
export function invertedResidual(options: InvertedResidualOptions): Layer {
  const names = {
    inputChannels: true,
    outputChannels: true,
    stride: true,
    expansion: true,
  } as const;
  assertSizes("invertedResidual", options, names);
  const { inputChannels, outputChannels, stride, expansion } = options;
  const wide = expansion * inputChannels;
  const filter = { inputChannels: wide, outputChannels: wide, groups: wide, stride, padding: 1 };
  const body = {
    ...(expansion > 1 && {
      expand: conv2d({ inputChannels, outputChannels: wide, kernelSize: 1 }),
      bn1: batchNorm(wide, { activation: "relu6" }),
    }),
    depthwise: conv2d(filter),
    bn2: batchNorm(wide, { activation: "relu6" }),
    project: conv2d({ inputChannels: wide, outputChannels, kernelSize: 1 }),
    bn3: batchNorm(outputChannels),
  };
  const sameShape = stride === 1 && inputChannels === outputChannels;
  return sameShape ? residual({ body }) : sequential(body);
}
