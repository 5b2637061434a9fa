import {
  type NamedTensorMap,
  type Tensor,
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
import type { BatchNormGradientOptions, BatchNormOptions } from "../../ops/batch-norm.ts";
import { channelMean, perChannel } from "./per-channel.ts";

export interface BatchNormInputs extends NamedTensorMap {
  input: Tensor;
  gamma: Tensor;
  beta: Tensor;
}

export interface StatisticsInputs extends BatchNormInputs {
  mean: Tensor;
  variance: Tensor;
}

export function batchNormReference(inputs: BatchNormInputs, options: BatchNormOptions): Tensor[] {
  const input = inputs.input as Tensor4D;
  const mean = channelMean(input);
  const squares = perChannel(squaredDifference, input, mean);
  const variance = channelMean(squares);
  squares.dispose();
  const [output] = batchNormInferenceReference({ ...inputs, mean, variance }, options);
  return [output!, mean, variance];
}

export function batchNormInferenceReference(
  inputs: StatisticsInputs,
  options: BatchNormOptions,
): Tensor[] {
  const { input, gamma, beta, mean, variance } = inputs;
  const scale = scaleOf(gamma, variance, options.epsilon);
  const centred = perChannel(sub, input as Tensor4D, mean);
  let output: Tensor = affine(centred, scale, beta);
  dispose([scale, centred]);
  if (inputs.residual) output = replace(output, add(output, inputs.residual));
  if (options.relu) output = replace(output, relu(output));
  return [output];
}

export interface BatchNormGradientInputs extends StatisticsInputs {
  outputGradient: Tensor;
}

export function batchNormGradientReference(
  inputs: BatchNormGradientInputs,
  { epsilon, relu: activated, batchStatistics, inputGradient }: BatchNormGradientOptions,
): Tensor[] {
  const { outputGradient, input, gamma, beta, mean, variance, output } = inputs;
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
  const gradients: Tensor[] = [
    tidy(() => mul(div(meanProduct, sqrt(add(variance, epsilon))), count)),
    mul(meanGradient, count),
  ];
  if (inputGradient) {
    // dx = scale · (g − mean(g) − (x − mean) · mean(g · (x − mean)) / (variance + ε))
    let inner: Tensor4D = gradient.clone();
    if (batchStatistics) {
      const slope = tidy(() => neg(div(meanProduct, add(variance, epsilon))));
      const offset = neg(meanGradient);
      const correction = affine(centred, slope, offset);
      inner = replace(inner, add(inner, correction)) as Tensor4D;
      dispose([slope, offset, correction]);
    }
    gradients.push(replace(inner, perChannel(mul, inner, scale)));
  }
  if (output) gradients.push(gradient.clone());
  dispose([gradient, centred, scale, meanProduct, meanGradient]);
  return gradients;
}

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
