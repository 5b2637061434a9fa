import { getBackend } from "@tensorflow/tfjs-core";
import { FrozenLayersError } from "../../errors.ts";
import { activationGradientOp, activationOp } from "../../ops/activation.ts";
import { adamOp } from "../../ops/adam.ts";
import { batchNormGradientOp, batchNormInferenceOp, batchNormOp } from "../../ops/batch-norm.ts";
import { addBiasOp, biasGradientOp } from "../../ops/bias.ts";
import { concatChannelsOp, splitChannelsOp } from "../../ops/channels.ts";
import * as conv from "../../ops/conv2d.ts";
import { denseGradientOp, denseOp } from "../../ops/dense.ts";
import { multiplyChannelsGradientOp, multiplyChannelsOp } from "../../ops/multiply-channels.ts";
import type { AnyOp, Op, OpTensors, ReferenceKernel } from "../../ops/op.ts";
import * as pool from "../../ops/pool.ts";
import { gatherScalarsOp, scatterScalarsOp } from "../../ops/scalars.ts";
import { sgdOp } from "../../ops/sgd.ts";
import { padOp, sliceOp } from "../../ops/slice.ts";
import { softmaxCrossEntropyOp } from "../../ops/softmax-cross-entropy.ts";
import { sumOp } from "../../ops/sum.ts";
import { activationGradientReference, activationReference } from "./activation.ts";
import { adamReference } from "./adam.ts";
import {
  batchNormGradientReference,
  batchNormInferenceReference,
  batchNormReference,
} from "./batch-norm.ts";
import { addBiasReference, biasGradientReference } from "./bias.ts";
import { concatChannelsReference, splitChannelsReference } from "./channels.ts";
import * as convReference from "./conv2d.ts";
import { denseGradientReference, denseReference } from "./dense.ts";
import {
  multiplyChannelsGradientReference,
  multiplyChannelsReference,
} from "./multiply-channels.ts";
import * as poolReference from "./pool.ts";
import { gatherScalarsReference, scatterScalarsReference } from "./scalars.ts";
import { sgdReference } from "./sgd.ts";
import { padReference, sliceReference } from "./slice.ts";
import { softmaxCrossEntropyReference } from "./softmax-cross-entropy.ts";
import { sumReference } from "./sum.ts";

interface Definition {
  readonly op: AnyOp;
  readonly kernel: ReferenceKernel<Op>;
}

const definitions: readonly Definition[] = [
  definition(conv.prepareFilterOp, convReference.prepareFilterReference),
  definition(conv.prepareRotatedFilterOp, convReference.prepareRotatedFilterReference),
  definition(conv.conv2dOp, convReference.conv2dReference),
  definition(conv.conv2dInputGradientOp, convReference.conv2dInputGradientReference),
  definition(conv.conv2dFilterGradientOp, convReference.conv2dFilterGradientReference),
  definition(batchNormOp, batchNormReference),
  definition(batchNormInferenceOp, batchNormInferenceReference),
  definition(batchNormGradientOp, batchNormGradientReference),
  definition(activationOp, activationReference),
  definition(activationGradientOp, activationGradientReference),
  definition(addBiasOp, addBiasReference),
  definition(biasGradientOp, biasGradientReference),
  definition(pool.maxPoolOp, poolReference.maxPoolReference),
  definition(pool.maxPoolGradientOp, poolReference.maxPoolGradientReference),
  definition(pool.averagePoolOp, poolReference.averagePoolReference),
  definition(pool.averagePoolGradientOp, poolReference.averagePoolGradientReference),
  definition(pool.globalAveragePoolOp, poolReference.globalAveragePoolReference),
  definition(pool.globalAveragePoolGradientOp, poolReference.globalAveragePoolGradientReference),
  definition(concatChannelsOp, concatChannelsReference),
  definition(splitChannelsOp, splitChannelsReference),
  definition(sliceOp, sliceReference),
  definition(padOp, padReference),
  definition(multiplyChannelsOp, multiplyChannelsReference),
  definition(multiplyChannelsGradientOp, multiplyChannelsGradientReference),
  definition(sumOp, sumReference),
  definition(denseOp, denseReference),
  definition(denseGradientOp, denseGradientReference),
  definition(softmaxCrossEntropyOp, softmaxCrossEntropyReference),
  definition(sgdOp, sgdReference),
  definition(adamOp, adamReference),
  definition(gatherScalarsOp, gatherScalarsReference),
  definition(scatterScalarsOp, scatterScalarsReference),
];

/** Every op, for the suites that must forget none. */
export const allOps: readonly AnyOp[] = definitions.map(({ op }) => op);

const kernels = new Map(definitions.map(({ op, kernel }) => [op.name, kernel]));

function definition<Operation extends AnyOp>(
  op: Operation,
  kernel: ReferenceKernel<Operation>,
): Definition {
  return { op, kernel: kernel as ReferenceKernel<Op> };
}

/** The definition of an op in plain tfjs ops, which runs on every backend. */
export function referenceKernel<
  Inputs extends OpTensors,
  Attributes extends object,
  Outputs extends OpTensors,
>({ name }: Op<Inputs, Attributes, Outputs>): ReferenceKernel<Op<Inputs, Attributes, Outputs>> {
  const kernel = kernels.get(name);
  if (kernel === undefined) {
    throw new FrozenLayersError(
      `runOp: the op "${name}" has no definition, and the backend "${getBackend()}" no kernel of it. Register ` +
        `one by registerOpKernel.`,
    );
  }
  return kernel as unknown as ReferenceKernel<Op<Inputs, Attributes, Outputs>>;
}
