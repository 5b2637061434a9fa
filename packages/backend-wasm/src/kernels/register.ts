import type { KernelFunc, NamedTensorInfoMap } from "@tensorflow/tfjs-core";
import {
  batchNormOps,
  conv2dOps,
  denseOps,
  poolOps,
  registerOpKernel,
  sgdOp,
  softmaxCrossEntropyOp,
  sumOp,
} from "@bn-only/frozen-layers";
import type { WasmTrainingBackend } from "../backend.ts";
import { registerArithmetic, sum } from "./arithmetic.ts";
import { batchNorm, batchNormGradient, batchNormInference } from "./batch-norm.ts";
import {
  conv2d,
  conv2dFilterGradient,
  conv2dInputGradient,
  conv2dPrepare,
  conv2dPrepareRotated,
} from "./conv2d.ts";
import { dense, denseGradient } from "./dense.ts";
import type { TrainingKernel } from "./kernel.ts";
import {
  averagePool,
  averagePoolGradient,
  globalAveragePool,
  globalAveragePoolGradient,
  maxPool,
  maxPoolGradient,
} from "./pool.ts";
import { sgd } from "./sgd.ts";
import { softmaxCrossEntropy } from "./softmax-cross-entropy.ts";

/**
 * Makes these kernels the backend's implementation of the ops of `@bn-only/frozen-layers`; the
 * standard kernels must be registered.
 */
export function registerOpKernels(backendName: string): void {
  for (const [op, kernelFunc] of kernels) registerOpKernel(op, backendName, kernelFunc);
  registerArithmetic(backendName);
}

const kernels: readonly (readonly [op: { readonly name: string }, kernel: KernelFunc])[] = [
  [conv2dOps.prepare, kernelOf(conv2dPrepare)],
  [conv2dOps.prepareRotated, kernelOf(conv2dPrepareRotated)],
  [conv2dOps.forward, kernelOf(conv2d)],
  [conv2dOps.inputGradient, kernelOf(conv2dInputGradient)],
  [conv2dOps.filterGradient, kernelOf(conv2dFilterGradient)],
  [batchNormOps.forward, kernelOf(batchNorm)],
  [batchNormOps.gradient, kernelOf(batchNormGradient)],
  [batchNormOps.inference, kernelOf(batchNormInference)],
  [poolOps.max, kernelOf(maxPool)],
  [poolOps.maxGradient, kernelOf(maxPoolGradient)],
  [poolOps.average, kernelOf(averagePool)],
  [poolOps.averageGradient, kernelOf(averagePoolGradient)],
  [poolOps.globalAverage, kernelOf(globalAveragePool)],
  [poolOps.globalAverageGradient, kernelOf(globalAveragePoolGradient)],
  [denseOps.forward, kernelOf(dense)],
  [denseOps.gradient, kernelOf(denseGradient)],
  [softmaxCrossEntropyOp, kernelOf(softmaxCrossEntropy)],
  [sgdOp, kernelOf(sgd)],
  [sumOp, kernelOf(sum)],
];

/** What tfjs calls; it gives a kernel the inputs and attributes of its op. */
function kernelOf<Inputs extends NamedTensorInfoMap, Attributes>(
  kernel: TrainingKernel<Inputs, Attributes>,
): KernelFunc {
  return ({ inputs, backend, attrs }) =>
    kernel(backend as WasmTrainingBackend, inputs as Inputs, attrs as Attributes);
}
