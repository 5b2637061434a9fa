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
} from "@tensorflow/tfjs-core";
import type {
  BatchNormForwardOptions,
  BatchNormGradientInputs,
  BatchNormGradientOptions,
  BatchNormInputs,
  BatchNormOptions,
  StatisticsInputs,
} from "@bn-only/frozen-layers/reference";
import { attributes, overwrite, type TensorflowBackend } from "./backend.ts";

/** FusedBatchNormV3, which moves the running statistics too; residual and ReLU over its output. */
export function fusedBatchNorm(
  { input, gamma, beta, residual, runningMean, runningVariance }: BatchNormInputs,
  { epsilon, relu, momentum }: BatchNormForwardOptions,
  backend: TensorflowBackend,
): Tensor[] {
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
  const outputs = [output, mean, varianceOf(spread, epsilon, backend)];
  if (runningMean) outputs.push(nextMean, nextVariance);
  else [nextMean, nextVariance].forEach((unused) => unused.dispose());
  if (relu && !residual) outputs.push(output.clone());
  return outputs;
}

/** FusedBatchNormV3 with given statistics. */
export function fusedBatchNormInference(
  { input, gamma, beta, mean, variance, residual }: StatisticsInputs,
  { epsilon, relu }: BatchNormOptions,
  backend: TensorflowBackend,
): Tensor[] {
  const [normalised, ...unused] = backend.executeMultipleOutputs(
    "FusedBatchNormV3",
    fusedAttributes(backend, epsilon, false, { exponential_avg_factor: 1 }),
    [input, gamma, beta, mean, variance],
    6,
  );
  unused.forEach((tensor) => tensor.dispose());
  return [activate(normalised!, residual, relu, backend)];
}

/** ReluGrad over the output gradient, then FusedBatchNormGradV3. */
export function fusedBatchNormGradient(
  inputs: BatchNormGradientInputs,
  { epsilon, relu, batchStatistics, inputGradient }: BatchNormGradientOptions,
  backend: TensorflowBackend,
): Tensor[] {
  const { outputGradient, input, gamma, mean, variance, output, kept } = inputs;
  let gradient = outputGradient;
  if (relu) {
    const activated =
      output ?? kept ?? fusedBatchNormInference(inputs, { epsilon, relu: false }, backend)[0]!;
    gradient = overwrite(backend, "ReluGrad", outputGradient, activated);
    if (!output && !kept) activated.dispose();
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

  const gradients = [gammaGradient!, betaGradient!];
  if (inputGradient) gradients.push(inputGradients!);
  else inputGradients!.dispose();
  if (output) gradients.push(relu ? gradient : gradient.clone());
  else if (relu) gradient.dispose();
  return gradients;
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
