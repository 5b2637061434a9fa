import { type NamedTensorMap, type Tensor, getKernel } from "@tensorflow/tfjs-core";
import {
  batchNormOps,
  conv2dOps,
  denseOps,
  poolOps,
  registerOpKernel,
  softmaxCrossEntropyOp,
  sumOp,
} from "@bn-only/frozen-layers";
import { prepareFilterReference } from "@bn-only/frozen-layers/reference";
import type { TensorflowBackend } from "./backend.ts";
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

type TensorflowKernel<Inputs extends NamedTensorMap, Attributes> = (
  inputs: Inputs,
  attributes: Attributes,
  backend: TensorflowBackend,
) => Tensor[];

export interface TensorflowKernelOptions {
  /**
   * Whether the addon was built with the BatchNorm of `native/`, which is for the CPU. Without it
   * BatchNorm runs by TensorFlow's fused ops, ReLU and residual by others. Default false.
   */
  readonly compiledBatchNorm?: boolean;
}

/**
 * Makes native TensorFlow ops the kernels of tfjs's backend `tensorflow`: tfjs-node's, on the CPU or
 * on CUDA. `sgd` stays with its reference, a few small ops on one vector.
 */
export function registerTensorflowKernels({
  compiledBatchNorm = false,
}: TensorflowKernelOptions = {}): void {
  if (getKernel(conv2dOps.forward.name, "tensorflow")) return;
  const register = <Inputs extends NamedTensorMap, Attributes>(
    op: { readonly name: string },
    kernel: TensorflowKernel<Inputs, Attributes>,
  ): void =>
    registerOpKernel(op, "tensorflow", ({ inputs, attrs, backend }) =>
      kernel(inputs as Inputs, attrs as Attributes, backend as unknown as TensorflowBackend),
    );

  register(conv2dOps.prepareRotated, prepareFilterReference);
  register(conv2dOps.forward, conv2dTensorflow);
  register(conv2dOps.inputGradient, conv2dInputGradientTensorflow);
  register(conv2dOps.filterGradient, conv2dFilterGradientTensorflow);
  const [batchNorm, batchNormGradient, batchNormInference] = compiledBatchNorm
    ? ([batchNormTensorflow, batchNormGradientTensorflow, batchNormInferenceTensorflow] as const)
    : ([fusedBatchNorm, fusedBatchNormGradient, fusedBatchNormInference] as const);
  register(batchNormOps.forward, batchNorm);
  register(batchNormOps.gradient, batchNormGradient);
  register(batchNormOps.inference, batchNormInference);
  register(poolOps.max, maxPoolTensorflow);
  register(poolOps.maxGradient, maxPoolGradientTensorflow);
  register(poolOps.average, averagePoolTensorflow);
  register(poolOps.averageGradient, averagePoolGradientTensorflow);
  register(poolOps.globalAverage, globalAveragePoolTensorflow);
  register(poolOps.globalAverageGradient, globalAveragePoolGradientTensorflow);
  register(denseOps.forward, denseTensorflow);
  register(denseOps.gradient, denseGradientTensorflow);
  register(softmaxCrossEntropyOp, softmaxCrossEntropyTensorflow);
  register(sumOp, sumTensorflow);
}
