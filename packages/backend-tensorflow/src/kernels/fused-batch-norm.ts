import type {
  batchNormGradientOp,
  batchNormInferenceOp,
  batchNormOp,
} from "@bn-only/frozen-layers";
import {
  type Tensor,
  add,
  reciprocal,
  rsqrt,
  scalar,
  square,
  sub,
  tensor1d,
  tidy,
  util,
} from "@tensorflow/tfjs-core";
import { attributes, overwrite, type TensorflowBackend, type TensorflowKernel } from "./backend.ts";

/** FusedBatchNormV3, which moves the running statistics too; residual and ReLU over its output. */
export const fusedBatchNorm: TensorflowKernel<typeof batchNormOp> = (
  { input, gamma, beta, residual, runningMean, runningVariance },
  { epsilon, relu, momentum },
  backend,
) => {
  // A factor of 1 means that there are no running statistics.
  const none = tensor1d([], "float32");
  const attrs = fusedAttributes(backend, epsilon, true, {
    exponential_avg_factor: runningMean ? momentum : 1,
  });
  const inputs = [input, gamma, beta, runningMean ?? none, runningVariance ?? none];
  const [normalised, nextMean, nextVariance, mean, spread, reserve] =
    backend.executeMultipleOutputs("FusedBatchNormV3", attrs, inputs, 6) as [
      Tensor,
      Tensor,
      Tensor,
      Tensor,
      Tensor,
      Tensor,
    ];
  [none, reserve].forEach((unused) => unused.dispose());
  const output = activate(normalised, residual, relu, backend);
  if (!runningMean) [nextMean, nextVariance].forEach((unused) => unused.dispose());
  return {
    output,
    mean,
    variance: varianceOf(spread, epsilon, backend),
    ...(runningMean && { runningMean: nextMean, runningVariance: nextVariance }),
    kept: relu && !residual ? output.clone() : undefined,
  };
};

/** FusedBatchNormV3 with given statistics. */
export const fusedBatchNormInference: TensorflowKernel<typeof batchNormInferenceOp> = (
  { input, gamma, beta, mean, variance, residual },
  { epsilon, relu },
  backend,
) => {
  const [normalised, ...unused] = backend.executeMultipleOutputs(
    "FusedBatchNormV3",
    fusedAttributes(backend, epsilon, false, { exponential_avg_factor: 1 }),
    [input, gamma, beta, mean, variance],
    6,
  );
  unused.forEach((tensor) => tensor.dispose());
  return { output: activate(normalised!, residual, relu, backend) };
};

/** ReluGrad over the output gradient, then FusedBatchNormGradV3. */
export const fusedBatchNormGradient: TensorflowKernel<typeof batchNormGradientOp> = (
  { outputGradient, input, gamma, beta, mean, variance, output, kept },
  { epsilon, relu, batchStatistics, inputGradient },
  backend,
) => {
  let gradient = outputGradient;
  if (relu) {
    // Another backend may have kept something else.
    const saved = output ?? (kept && util.arraysEqual(kept.shape, input.shape) ? kept : undefined);
    const forward = saved ?? activated({ input, gamma, beta, mean, variance }, epsilon, backend);
    gradient = overwrite(backend, "ReluGrad", outputGradient, forward);
    if (!saved) forward.dispose();
  }
  const spread = batchStatistics ? spreadOf(variance, epsilon, backend) : variance.clone();
  // A scalar stands for "no reserved space".
  const none = scalar(0);
  const [inputGradients, gammaGradient, betaGradient, ...unused] = backend.executeMultipleOutputs(
    "FusedBatchNormGradV3",
    fusedAttributes(backend, epsilon, batchStatistics),
    [gradient, input, gamma, mean, spread, none],
    5,
  );
  [spread, none, ...unused].forEach((tensor) => tensor.dispose());

  if (!inputGradient) inputGradients!.dispose();
  const residualGradient = output && (relu ? gradient : gradient.clone());
  if (!output && relu) gradient.dispose();
  return {
    gammaGradient: gammaGradient!,
    betaGradient: betaGradient!,
    inputGradient: inputGradient ? inputGradients! : undefined,
    residualGradient,
  };
};

/** The forward pass again, before its ReLU. */
function activated(
  { input, gamma, beta, mean, variance }: Readonly<Record<string, Tensor>>,
  epsilon: number,
  backend: TensorflowBackend,
): Tensor {
  const inputs = [input!, gamma!, beta!, mean!, variance!];
  const attrs = fusedAttributes(backend, epsilon, false, { exponential_avg_factor: 1 });
  const [output, ...unused] = backend.executeMultipleOutputs("FusedBatchNormV3", attrs, inputs, 6);
  unused.forEach((tensor) => tensor.dispose());
  return output!;
}

// What FusedBatchNormV3 saves for its gradient, beside the mean: the biased variance on the CPU, but
// `1 / √(variance + ε)` with cuDNN.

function varianceOf(spread: Tensor, epsilon: number, backend: TensorflowBackend): Tensor {
  if (!backend.isUsingGpuDevice) return spread;
  const variance = tidy(() => sub(reciprocal(square(spread)), epsilon));
  spread.dispose();
  return variance;
}

function spreadOf(variance: Tensor, epsilon: number, backend: TensorflowBackend): Tensor {
  if (!backend.isUsingGpuDevice) return variance.clone();
  return tidy(() => rsqrt(add(variance, epsilon)));
}

function activate(
  normalised: Tensor,
  residual: Tensor | undefined,
  relu: boolean,
  backend: TensorflowBackend,
): Tensor {
  const joined = residual ? overwrite(backend, "AddV2", normalised, residual) : normalised;
  return relu ? overwrite(backend, "Relu", joined) : joined;
}

function fusedAttributes(
  backend: TensorflowBackend,
  epsilon: number,
  training: boolean,
  float: Readonly<Record<string, number>> = {},
) {
  return attributes(backend, { float: { epsilon, ...float }, bool: { is_training: training } });
}
