import type {
  batchNormGradientOp,
  batchNormInferenceOp,
  batchNormOp,
} from "@bn-only/frozen-layers";
import type { Tensor } from "@tensorflow/tfjs-core";
import { attributes, lettingGo, type TensorflowKernel } from "./backend.ts";

// By the ops of native/, one for each pass. gamma takes the place of an input that is not there.

export const batchNormTensorflow: TensorflowKernel<typeof batchNormOp> = (
  { input, gamma, beta, residual, runningMean, runningVariance },
  { epsilon, relu, momentum },
  backend,
) => {
  const [output, mean, variance, nextMean, nextVariance] = backend.executeMultipleOutputs(
    "BnOnlyBatchNorm",
    attributes(backend, {
      float: { epsilon, momentum },
      bool: { relu, joined: residual !== undefined },
    }),
    [input, gamma, beta, residual ?? gamma, runningMean ?? gamma, runningVariance ?? gamma],
    5,
  ) as [Tensor, Tensor, Tensor, Tensor, Tensor];
  const outputs = { output, mean, variance };
  if (runningMean) return { ...outputs, runningMean: nextMean, runningVariance: nextVariance };
  [nextMean, nextVariance].forEach((unused) => unused.dispose());
  return outputs;
};

export const batchNormInferenceTensorflow: TensorflowKernel<typeof batchNormInferenceOp> = (
  { input, gamma, beta, mean, variance, residual },
  { epsilon, relu },
  backend,
) => {
  const output = backend.executeSingleOutput(
    "BnOnlyBatchNormInference",
    attributes(backend, { float: { epsilon }, bool: { relu, joined: residual !== undefined } }),
    [input, gamma, beta, residual ?? gamma, mean, variance],
  );
  return { output };
};

/** Writes the gradient of the residual, or else that of the input, over the output gradient. */
export const batchNormGradientTensorflow: TensorflowKernel<typeof batchNormGradientOp> = (
  { outputGradient, input, gamma, beta, mean, variance, output },
  { epsilon, relu, batchStatistics, inputGradient },
  backend,
) => {
  const attrs = attributes(backend, {
    float: { epsilon },
    bool: {
      relu,
      joined: output !== undefined,
      batch_statistics: batchStatistics,
      input_wanted: inputGradient,
    },
  });
  const [gammaGradient, betaGradient, gradient, residualGradient] = backend.executeMultipleOutputs(
    "BnOnlyBatchNormGradient",
    lettingGo(outputGradient, attrs),
    [outputGradient, input, gamma, beta, output ?? gamma, mean, variance],
    4,
  ) as [Tensor, Tensor, Tensor, Tensor];
  const wanted = (tensor: Tensor, condition: boolean): Tensor | undefined => {
    if (!condition) tensor.dispose();
    return condition ? tensor : undefined;
  };
  return {
    gammaGradient,
    betaGradient,
    inputGradient: wanted(gradient, inputGradient),
    residualGradient: wanted(residualGradient, output !== undefined),
  };
};
