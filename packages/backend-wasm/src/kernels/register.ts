import {
  activationGradientOp,
  activationOp,
  adamOp,
  addBiasOp,
  type AnyOp,
  averagePoolGradientOp,
  averagePoolOp,
  batchNormGradientOp,
  batchNormInferenceOp,
  batchNormOp,
  biasGradientOp,
  concatChannelsOp,
  conv2dFilterGradientOp,
  conv2dInputGradientOp,
  conv2dOp,
  denseGradientOp,
  denseOp,
  gatherScalarsOp,
  globalAveragePoolGradientOp,
  globalAveragePoolOp,
  implementation,
  maxPoolGradientOp,
  maxPoolOp,
  multiplyChannelsGradientOp,
  multiplyChannelsOp,
  type OpImplementation,
  padOp,
  prepareFilterOp,
  prepareRotatedFilterOp,
  scatterScalarsOp,
  sgdOp,
  sliceOp,
  softmaxCrossEntropyOp,
  splitChannelsOp,
  sumOp,
} from "@bn-only/frozen-layers";
import { batchNorm, batchNormInference } from "./batch-norm.ts";
import { batchNormGradient } from "./batch-norm-gradient.ts";
import { biasGradient, multiplyChannelsGradient } from "./channels.ts";
import {
  conv2d,
  conv2dFilterGradient,
  conv2dInputGradient,
  conv2dPrepare,
  conv2dPrepareRotated,
} from "./conv2d.ts";
import { concatChannels, padBlock, sliceBlock, splitChannels } from "./copy.ts";
import { dense, denseGradient } from "./dense.ts";
import { activation, activationGradient, addBias, multiplyChannels } from "./elementwise.ts";
import { adam, sgd } from "./optimizers.ts";
import {
  averagePool,
  averagePoolGradient,
  globalAveragePool,
  globalAveragePoolGradient,
  maxPool,
  maxPoolGradient,
} from "./pool.ts";
import { gatherScalars, scatterScalars } from "./scalars.ts";
import { softmaxCrossEntropy } from "./softmax-cross-entropy.ts";
import { sum } from "./sum.ts";

const kernels: readonly OpImplementation[] = [
  implementation(prepareFilterOp, conv2dPrepare),
  implementation(prepareRotatedFilterOp, conv2dPrepareRotated),
  implementation(conv2dOp, conv2d),
  implementation(conv2dInputGradientOp, conv2dInputGradient),
  implementation(conv2dFilterGradientOp, conv2dFilterGradient),
  implementation(batchNormOp, batchNorm),
  implementation(batchNormGradientOp, batchNormGradient),
  implementation(batchNormInferenceOp, batchNormInference),
  implementation(maxPoolOp, maxPool),
  implementation(maxPoolGradientOp, maxPoolGradient),
  implementation(averagePoolOp, averagePool),
  implementation(averagePoolGradientOp, averagePoolGradient),
  implementation(globalAveragePoolOp, globalAveragePool),
  implementation(globalAveragePoolGradientOp, globalAveragePoolGradient),
  implementation(denseOp, dense),
  implementation(denseGradientOp, denseGradient),
  implementation(softmaxCrossEntropyOp, softmaxCrossEntropy),
  implementation(sgdOp, sgd),
  implementation(sumOp, sum),
  implementation(adamOp, adam),
  implementation(activationOp, activation),
  implementation(activationGradientOp, activationGradient),
  implementation(addBiasOp, addBias),
  implementation(biasGradientOp, biasGradient),
  implementation(concatChannelsOp, concatChannels),
  implementation(splitChannelsOp, splitChannels),
  implementation(sliceOp, sliceBlock),
  implementation(padOp, padBlock),
  implementation(multiplyChannelsOp, multiplyChannels),
  implementation(multiplyChannelsGradientOp, multiplyChannelsGradient),
  implementation(gatherScalarsOp, gatherScalars),
  implementation(scatterScalarsOp, scatterScalars),
];

/** The ops that have kernels of their own here. */
export const implementedOps: readonly AnyOp[] = kernels.map(({ op }) => op);

/** Makes these kernels the backend's implementation of the ops of `@bn-only/frozen-layers`. */
export function registerOpKernels(backendName: string): void {
  for (const kernel of kernels) kernel.register(backendName);
}
