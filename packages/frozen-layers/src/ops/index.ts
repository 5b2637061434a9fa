import { activationGradientOp, activationOp } from "./activation.ts";
import { adamOp } from "./adam.ts";
import { batchNormGradientOp, batchNormInferenceOp, batchNormOp } from "./batch-norm.ts";
import { addBiasOp, biasGradientOp } from "./bias.ts";
import { concatChannelsOp, splitChannelsOp } from "./channels.ts";
import {
  conv2dFilterGradientOp,
  conv2dInputGradientOp,
  conv2dOp,
  prepareFilterOp,
  prepareRotatedFilterOp,
} from "./conv2d.ts";
import { denseGradientOp, denseOp } from "./dense.ts";
import { multiplyChannelsGradientOp, multiplyChannelsOp } from "./multiply-channels.ts";
import type { AnyOp } from "./op.ts";
import {
  averagePoolGradientOp,
  averagePoolOp,
  globalAveragePoolGradientOp,
  globalAveragePoolOp,
  maxPoolGradientOp,
  maxPoolOp,
} from "./pool.ts";
import { gatherScalarsOp, scatterScalarsOp } from "./scalars.ts";
import { sgdOp } from "./sgd.ts";
import { padOp, sliceOp } from "./slice.ts";
import { softmaxCrossEntropyOp } from "./softmax-cross-entropy.ts";
import { sumOp } from "./sum.ts";

/** Every op, for the suites that must forget none. */
export const allOps: readonly AnyOp[] = [
  prepareFilterOp,
  prepareRotatedFilterOp,
  conv2dOp,
  conv2dInputGradientOp,
  conv2dFilterGradientOp,
  batchNormOp,
  batchNormInferenceOp,
  batchNormGradientOp,
  activationOp,
  activationGradientOp,
  addBiasOp,
  biasGradientOp,
  maxPoolOp,
  maxPoolGradientOp,
  averagePoolOp,
  averagePoolGradientOp,
  globalAveragePoolOp,
  globalAveragePoolGradientOp,
  concatChannelsOp,
  splitChannelsOp,
  sliceOp,
  padOp,
  multiplyChannelsOp,
  multiplyChannelsGradientOp,
  sumOp,
  denseOp,
  denseGradientOp,
  softmaxCrossEntropyOp,
  sgdOp,
  adamOp,
  gatherScalarsOp,
  scatterScalarsOp,
];
