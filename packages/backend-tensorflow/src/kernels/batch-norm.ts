import type { Tensor } from "@tensorflow/tfjs-core";
import type {
  BatchNormForwardOptions,
  BatchNormGradientInputs,
  BatchNormGradientOptions,
  BatchNormInputs,
  BatchNormOptions,
  StatisticsInputs,
} from "@bn-only/frozen-layers/reference";
import { attributes, lettingGo, type TensorflowBackend } from "./backend.ts";

// By the ops of native/, one for each pass. gamma takes the place of an input that is not there.

export function batchNormTensorflow(
  { input, gamma, beta, residual, runningMean, runningVariance }: BatchNormInputs,
  { epsilon, relu, momentum }: BatchNormForwardOptions,
  backend: TensorflowBackend,
): Tensor[] {
  const outputs = backend.executeMultipleOutputs(
    "BnOnlyBatchNorm",
    attributes(backend, {
      float: { epsilon, momentum },
      bool: { relu, joined: residual !== undefined },
    }),
    [input, gamma, beta, residual ?? gamma, runningMean ?? gamma, runningVariance ?? gamma],
    5,
  );
  if (!runningMean) outputs.splice(3).forEach((next) => next.dispose());
  return outputs;
}

export function batchNormInferenceTensorflow(
  { input, gamma, beta, mean, variance, residual }: StatisticsInputs,
  { epsilon, relu }: BatchNormOptions,
  backend: TensorflowBackend,
): Tensor[] {
  const output = backend.executeSingleOutput(
    "BnOnlyBatchNormInference",
    attributes(backend, { float: { epsilon }, bool: { relu, joined: residual !== undefined } }),
    [input, gamma, beta, residual ?? gamma, mean, variance],
  );
  return [output];
}

/** Writes the gradient of the residual, or else that of the input, over the output gradient. */
export function batchNormGradientTensorflow(
  { outputGradient, input, gamma, beta, mean, variance, output }: BatchNormGradientInputs,
  { epsilon, relu, batchStatistics, inputGradient }: BatchNormGradientOptions,
  backend: TensorflowBackend,
): Tensor[] {
  const attrs = attributes(backend, {
    float: { epsilon },
    bool: {
      relu,
      joined: output !== undefined,
      batch_statistics: batchStatistics,
      input_wanted: inputGradient,
    },
  });
  const [gammaGradient, betaGradient, ...rest] = backend.executeMultipleOutputs(
    "BnOnlyBatchNormGradient",
    lettingGo(outputGradient, attrs),
    [outputGradient, input, gamma, beta, output ?? gamma, mean, variance],
    4,
  );
  const wanted = [inputGradient, output !== undefined];
  rest.filter((_, i) => !wanted[i]).forEach((empty) => empty.dispose());
  return [gammaGradient!, betaGradient!, ...rest.filter((_, i) => wanted[i])];
}
