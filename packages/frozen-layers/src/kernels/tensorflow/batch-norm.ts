import { type Tensor, add, mul, rsqrt, scalar, tensor1d, tidy } from "@tensorflow/tfjs-core";
import type { BatchNormGradientOptions, BatchNormOptions } from "../../ops/batch-norm.ts";
import type {
  BatchNormGradientInputs,
  BatchNormInputs,
  StatisticsInputs,
} from "../reference/batch-norm.ts";
import { attributes, overwrite, type TensorflowBackend } from "./backend.ts";

/** FusedBatchNormV3, then the residual and ReLU over its output. */
export function batchNormTensorflow(
  { input, gamma, beta, residual }: BatchNormInputs,
  { epsilon, relu }: BatchNormOptions,
  backend: TensorflowBackend,
): Tensor[] {
  // With a factor of 1 the running statistics, which are not given, have no weight.
  const attrs = fusedAttributes(backend, epsilon, true, { exponential_avg_factor: 1 });
  const none = tensor1d([], "float32");
  const [normalised, mean, unbiased, savedMean, savedVariance, reserve] =
    backend.executeMultipleOutputs(
      "FusedBatchNormV3",
      attrs,
      [input, gamma, beta, none, none],
      6,
    ) as [Tensor, Tensor, Tensor, Tensor, Tensor, Tensor];
  // What the CPU saves for the gradient is the biased variance; what cuDNN saves is its own affair.
  let variance = savedVariance;
  if (backend.isUsingGpuDevice) {
    const count = input.size / gamma.size;
    variance = mul(unbiased, (count - 1) / count);
    savedVariance.dispose();
  }
  [none, unbiased, savedMean, reserve].forEach((unused) => unused.dispose());
  const output = activate(normalised, residual, relu, backend);
  return [output, mean, variance, ...(relu && !residual ? [output.clone()] : [])];
}

/** FusedBatchNormV3 with given statistics. */
export function batchNormInferenceTensorflow(
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
export function batchNormGradientTensorflow(
  inputs: BatchNormGradientInputs,
  { epsilon, relu, batchStatistics, inputGradient }: BatchNormGradientOptions,
  backend: TensorflowBackend,
): Tensor[] {
  const { outputGradient, input, gamma, mean, variance, output, kept } = inputs;
  let gradient = outputGradient;
  if (relu) {
    const activated =
      output ?? kept ?? batchNormInferenceTensorflow(inputs, { epsilon, relu: false }, backend)[0]!;
    gradient = overwrite(backend, "ReluGrad", outputGradient, activated);
    if (!output && !kept) activated.dispose();
  }
  // For batch statistics cuDNN wants the reciprocal of the deviation where the CPU wants the variance.
  const inverted = backend.isUsingGpuDevice && batchStatistics;
  const spread = inverted ? tidy(() => rsqrt(add(variance, epsilon))) : variance;
  // A scalar stands for "no reserved space".
  const none = scalar(0);
  const [inputGradients, gammaGradient, betaGradient, ...unused] = backend.executeMultipleOutputs(
    "FusedBatchNormGradV3",
    fusedAttributes(backend, epsilon, batchStatistics),
    [gradient, input, gamma, mean, spread, none],
    5,
  );
  if (inverted) spread.dispose();
  [none, ...unused].forEach((tensor) => tensor.dispose());

  const gradients = [gammaGradient!, betaGradient!];
  if (inputGradient) gradients.push(inputGradients!);
  else inputGradients!.dispose();
  if (output) gradients.push(relu ? gradient : gradient.clone());
  else if (relu) gradient.dispose();
  return gradients;
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
  return attributes(backend, {
    type: { T: "float32", U: "float32" },
    float: { epsilon, ...float },
    string: { data_format: "NHWC" },
    bool: { is_training: training },
  });
}
