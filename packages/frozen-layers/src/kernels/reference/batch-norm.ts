import {
  type Tensor,
  type Tensor1D,
  type Tensor4D,
  add,
  div,
  dispose,
  mul,
  neg,
  relu,
  sqrt,
  squaredDifference,
  step,
  sub,
  tidy,
} from "@tensorflow/tfjs-core";
import type {
  batchNormGradientOp,
  batchNormInferenceOp,
  batchNormOp,
} from "../../ops/batch-norm.ts";
import type { ReferenceKernel } from "../../ops/op.ts";
import { channelMean, perChannel } from "./per-channel.ts";

export const batchNormReference: ReferenceKernel<typeof batchNormOp> = (
  { runningMean, runningVariance, ...inputs },
  { momentum, ...options },
) => {
  const input = inputs.input as Tensor4D;
  const mean = channelMean(input);
  const squares = perChannel(squaredDifference, input, mean);
  const variance = channelMean(squares);
  squares.dispose();
  const { output } = batchNormInferenceReference({ ...inputs, mean, variance }, options);
  const count = input.size / mean.size;
  return {
    output,
    mean,
    variance,
    runningMean: runningMean && towards(runningMean, mean, momentum, 1),
    runningVariance:
      runningVariance && towards(runningVariance, variance, momentum, count / (count - 1)),
  };
};

/** `(1 − momentum) · running + momentum · scale · batch` */
function towards(running: Tensor, batch: Tensor, momentum: number, scale: number): Tensor1D {
  return tidy(() => add(mul(running, 1 - momentum), mul(batch, momentum * scale)));
}

export const batchNormInferenceReference: ReferenceKernel<typeof batchNormInferenceOp> = (
  { input, gamma, beta, mean, variance, residual },
  { epsilon, relu: activated },
) => {
  const scale = scaleOf(gamma, variance, epsilon);
  const centred = perChannel(sub, input as Tensor4D, mean);
  let output: Tensor = affine(centred, scale, beta);
  dispose([scale, centred]);
  if (residual) output = replace(output, add(output, residual));
  if (activated) output = replace(output, relu(output));
  return { output };
};

export const batchNormGradientReference: ReferenceKernel<typeof batchNormGradientOp> = (
  { outputGradient, input, gamma, beta, mean, variance, output },
  { epsilon, relu: activated, batchStatistics, inputGradient },
) => {
  const scale = scaleOf(gamma, variance, epsilon);
  const centred = perChannel(sub, input as Tensor4D, mean);

  let gradient = outputGradient.clone() as Tensor4D;
  if (activated) {
    const activation = output?.clone() ?? affine(centred, scale, beta);
    const mask = replace(activation, step(activation));
    gradient = replace(gradient, mul(gradient, mask)) as Tensor4D;
    mask.dispose();
  }

  const product = mul(gradient, centred) as Tensor4D;
  const meanProduct = channelMean(product);
  const meanGradient = channelMean(gradient);
  product.dispose();

  const count = input.size / gamma.size;
  const gradients = {
    gammaGradient: tidy((): Tensor1D => {
      return mul(div(meanProduct, sqrt(add(variance, epsilon))), count);
    }),
    betaGradient: mul(meanGradient, count) as Tensor1D,
    inputGradient: inputGradient ? gradientOfInput() : undefined,
    residualGradient: output && gradient.clone(),
  };
  dispose([gradient, centred, scale, meanProduct, meanGradient]);
  return gradients;

  /** `dx = scale · (g − mean(g) − (x − mean) · mean(g · (x − mean)) / (variance + ε))` */
  function gradientOfInput(): Tensor {
    let inner: Tensor4D = gradient.clone();
    if (batchStatistics) {
      const slope = tidy(() => neg(div(meanProduct, add(variance, epsilon))));
      const offset = neg(meanGradient);
      const correction = affine(centred, slope, offset);
      inner = replace(inner, add(inner, correction)) as Tensor4D;
      dispose([slope, offset, correction]);
    }
    return replace(inner, perChannel(mul, inner, scale));
  }
};

/** `gamma / √(variance + ε)` */
function scaleOf(gamma: Tensor, variance: Tensor, epsilon: number): Tensor {
  return tidy(() => div(gamma, sqrt(add(variance, epsilon))));
}

/** `x · slope + offset`, per channel. */
function affine(x: Tensor4D, slope: Tensor, offset: Tensor): Tensor4D {
  const scaled = perChannel(mul, x, slope);
  return replace(scaled, perChannel(add, scaled, offset)) as Tensor4D;
}

/** Frees `used` as soon as what was computed from it exists, which keeps the peak low. */
function replace(used: Tensor, result: Tensor): Tensor {
  used.dispose();
  return result;
}
