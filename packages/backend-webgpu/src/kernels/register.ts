import * as layers from "@bn-only/frozen-layers";
import { type AnyOp, implementation, type OpImplementation } from "@bn-only/frozen-layers";
import {
  getKernel,
  type KernelFunc,
  registerKernel,
  unregisterKernel,
} from "@tensorflow/tfjs-core";
import type { WebgpuTrainingBackend } from "../backend.ts";
import { activation, activationGradient, sum } from "./activation.ts";
import { batchNorm, batchNormInference } from "./batch-norm.ts";
import { batchNormGradient } from "./batch-norm-gradient.ts";
import { addBias, biasGradient } from "./bias.ts";
import { conv2d, conv2dInputGradient, prepareFilter, prepareRotatedFilter } from "./conv2d.ts";
import { concatChannels, pad, slice, splitChannels } from "./copy.ts";
import { dense, denseGradient } from "./dense.ts";
import { conv2dFilterGradient } from "./filter-gradient.ts";
import { multiplyChannels, multiplyChannelsGradient } from "./multiply-channels.ts";
import { adam, sgd } from "./optimizers.ts";
import * as pool from "./pool.ts";
import { gatherScalars, scatterScalars } from "./scalars.ts";
import { softmaxCrossEntropy } from "./softmax-cross-entropy.ts";

const kernels: readonly OpImplementation[] = [
  implementation(layers.prepareFilterOp, prepareFilter),
  implementation(layers.prepareRotatedFilterOp, prepareRotatedFilter),
  implementation(layers.conv2dOp, conv2d),
  implementation(layers.conv2dInputGradientOp, conv2dInputGradient),
  implementation(layers.conv2dFilterGradientOp, conv2dFilterGradient),
  implementation(layers.batchNormOp, batchNorm),
  implementation(layers.batchNormInferenceOp, batchNormInference),
  implementation(layers.batchNormGradientOp, batchNormGradient),
  implementation(layers.activationOp, activation),
  implementation(layers.activationGradientOp, activationGradient),
  implementation(layers.addBiasOp, addBias),
  implementation(layers.biasGradientOp, biasGradient),
  implementation(layers.maxPoolOp, pool.maxPool),
  implementation(layers.maxPoolGradientOp, pool.maxPoolGradient),
  implementation(layers.averagePoolOp, pool.averagePool),
  implementation(layers.averagePoolGradientOp, pool.averagePoolGradient),
  implementation(layers.globalAveragePoolOp, pool.globalAveragePool),
  implementation(layers.globalAveragePoolGradientOp, pool.globalAveragePoolGradient),
  implementation(layers.concatChannelsOp, concatChannels),
  implementation(layers.splitChannelsOp, splitChannels),
  implementation(layers.sliceOp, slice),
  implementation(layers.padOp, pad),
  implementation(layers.multiplyChannelsOp, multiplyChannels),
  implementation(layers.multiplyChannelsGradientOp, multiplyChannelsGradient),
  implementation(layers.sumOp, sum),
  implementation(layers.denseOp, dense),
  implementation(layers.denseGradientOp, denseGradient),
  implementation(layers.softmaxCrossEntropyOp, softmaxCrossEntropy),
  implementation(layers.sgdOp, sgd),
  implementation(layers.adamOp, adam),
  implementation(layers.gatherScalarsOp, gatherScalars),
  implementation(layers.scatterScalarsOp, scatterScalars),
];

/** The ops that have kernels of their own here: all of them. */
export const implementedOps: readonly AnyOp[] = kernels.map(({ op }) => op);

/** Each behind `owning`: one that throws leaves nothing behind. */
export function registerOpKernels(backendName: string): void {
  for (const { op, register } of kernels) {
    register(backendName);
    const { kernelName, kernelFunc } = getKernel(op.name, backendName);
    unregisterKernel(kernelName, backendName);
    const owning: KernelFunc = (call) =>
      (call.backend as WebgpuTrainingBackend).owning(() => kernelFunc(call));
    registerKernel({ kernelName, backendName, kernelFunc: owning });
  }
}
