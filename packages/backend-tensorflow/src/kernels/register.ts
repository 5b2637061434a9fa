import {
  type AnyOp,
  averagePoolGradientOp,
  averagePoolOp,
  batchNormGradientOp,
  batchNormInferenceOp,
  batchNormOp,
  conv2dFilterGradientOp,
  conv2dInputGradientOp,
  conv2dOp,
  denseGradientOp,
  denseOp,
  globalAveragePoolGradientOp,
  globalAveragePoolOp,
  implementation,
  maxPoolGradientOp,
  maxPoolOp,
  type OpImplementation,
  prepareRotatedFilterOp,
  softmaxCrossEntropyOp,
  sumOp,
} from "@bn-only/frozen-layers";
import { prepareFilterReference } from "@bn-only/frozen-layers/reference";
import { getKernel } from "@tensorflow/tfjs-core";
import { assertOptions, assertThat } from "../check.ts";
import {
  batchNormGradientTensorflow,
  batchNormInferenceTensorflow,
  batchNormTensorflow,
} from "./batch-norm.ts";
import {
  conv2dFilterGradientTensorflow,
  conv2dInputGradientTensorflow,
  conv2dTensorflow,
} from "./conv2d.ts";
import { denseGradientTensorflow, denseTensorflow } from "./dense.ts";
import {
  fusedBatchNorm,
  fusedBatchNormGradient,
  fusedBatchNormInference,
} from "./fused-batch-norm.ts";
import {
  averagePoolGradientTensorflow,
  averagePoolTensorflow,
  globalAveragePoolGradientTensorflow,
  globalAveragePoolTensorflow,
  maxPoolGradientTensorflow,
  maxPoolTensorflow,
} from "./pool.ts";
import { softmaxCrossEntropyTensorflow } from "./softmax-cross-entropy.ts";
import { sumTensorflow } from "./sum.ts";

/**
 * Options of `registerTensorflowKernels`: only BatchNorm has a choice of kernels. The first call in a
 * process decides.
 */
export interface TensorflowKernelOptions {
  /**
   * Whether the addon was built with the BatchNorm of `native/`, which is for the CPU. Without it
   * BatchNorm runs by TensorFlow's fused ops, ReLU and residual by others. Default false.
   */
  readonly compiledBatchNorm?: boolean | undefined;
}

const compiled: readonly OpImplementation[] = [
  implementation(batchNormOp, batchNormTensorflow),
  implementation(batchNormGradientOp, batchNormGradientTensorflow),
  implementation(batchNormInferenceOp, batchNormInferenceTensorflow),
];

const fused: readonly OpImplementation[] = [
  implementation(batchNormOp, fusedBatchNorm),
  implementation(batchNormGradientOp, fusedBatchNormGradient),
  implementation(batchNormInferenceOp, fusedBatchNormInference),
];

const kernels: readonly OpImplementation[] = [
  // The native gradient takes the filter as it is: not rotated.
  implementation(prepareRotatedFilterOp, prepareFilterReference),
  implementation(conv2dOp, conv2dTensorflow),
  implementation(conv2dInputGradientOp, conv2dInputGradientTensorflow),
  implementation(conv2dFilterGradientOp, conv2dFilterGradientTensorflow),
  implementation(maxPoolOp, maxPoolTensorflow),
  implementation(maxPoolGradientOp, maxPoolGradientTensorflow),
  implementation(averagePoolOp, averagePoolTensorflow),
  implementation(averagePoolGradientOp, averagePoolGradientTensorflow),
  implementation(globalAveragePoolOp, globalAveragePoolTensorflow),
  implementation(globalAveragePoolGradientOp, globalAveragePoolGradientTensorflow),
  implementation(denseOp, denseTensorflow),
  implementation(denseGradientOp, denseGradientTensorflow),
  implementation(softmaxCrossEntropyOp, softmaxCrossEntropyTensorflow),
  implementation(sumOp, sumTensorflow),
];

/**
 * The ops that have kernels of their own here. The others run by their definition, which is a few
 * native ops: the optimisers on one vector, copies along channels, activations on their own.
 */
export const implementedOps: readonly AnyOp[] = [...kernels, ...fused].map(({ op }) => op);

/**
 * Makes native TensorFlow ops the kernels of tfjs's backend `tensorflow`: tfjs-node's, on the CPU or
 * on CUDA.
 */
export function registerTensorflowKernels(options: TensorflowKernelOptions = {}): void {
  assertOptions("registerTensorflowKernels", options, { compiledBatchNorm: true });
  const { compiledBatchNorm = false } = options;
  const flag = typeof compiledBatchNorm === "boolean";
  assertThat(flag, "compiledBatchNorm", "true or false", compiledBatchNorm);
  if (getKernel(conv2dOp.name, "tensorflow")) return;
  for (const kernel of [...kernels, ...(compiledBatchNorm ? compiled : fused)]) {
    kernel.register("tensorflow");
  }
}
