import type { BatchNormOptions } from "../../ops/batch-norm.ts";
import { type Array64, zeros64 } from "./array.ts";

export interface Statistics64 {
  readonly mean: Array64;
  readonly variance: Array64;
}

export function statistics64(input: Array64): Statistics64 {
  const channels = input.shape.at(-1)!;
  const count = input.values.length / channels;
  const mean = zeros64([channels]);
  const variance = zeros64([channels]);
  input.values.forEach((x, i) => (mean.values[i % channels]! += x / count));
  input.values.forEach((x, i) => {
    variance.values[i % channels]! += (x - mean.values[i % channels]!) ** 2 / count;
  });
  return { mean, variance };
}

export function batchNorm64(
  input: Array64,
  gamma: Array64,
  beta: Array64,
  { mean, variance }: Statistics64,
  { epsilon, relu }: BatchNormOptions,
  residual?: Array64,
): Array64 {
  const channels = gamma.values.length;
  const values = input.values.map((x, i) => {
    const c = i % channels;
    const normalised = (x - mean.values[c]!) / Math.sqrt(variance.values[c]! + epsilon);
    const y = gamma.values[c]! * normalised + beta.values[c]! + (residual?.values[i] ?? 0);
    return relu ? Math.max(y, 0) : y;
  });
  return { shape: input.shape, values };
}

export interface Gradients64 {
  readonly gamma: Array64;
  readonly beta: Array64;
  readonly input: Array64;
  /** The output gradient where ReLU let it pass. */
  readonly residual: Array64;
}

export function batchNormGradient64(
  outputGradient: Array64,
  input: Array64,
  gammaValues: Array64,
  { mean, variance }: Statistics64,
  options: { epsilon: number; batchStatistics: boolean; passes: (i: number) => boolean },
): Gradients64 {
  const channels = gammaValues.values.length;
  const count = input.values.length / channels;
  const inverse = variance.values.map((value) => 1 / Math.sqrt(value + options.epsilon));
  const normalised = input.values.map(
    (x, i) => (x - mean.values[i % channels]!) * inverse[i % channels]!,
  );
  const passed = outputGradient.values.map((g, i) => (options.passes(i) ? g : 0));
  const gamma = zeros64([channels]);
  const beta = zeros64([channels]);
  passed.forEach((g, i) => {
    beta.values[i % channels]! += g;
    gamma.values[i % channels]! += g * normalised[i]!;
  });
  const gradient = passed.map((g, i) => {
    const c = i % channels;
    const correction = options.batchStatistics
      ? (beta.values[c]! + normalised[i]! * gamma.values[c]!) / count
      : 0;
    return gammaValues.values[c]! * inverse[c]! * (g - correction);
  });
  const { shape } = input;
  return { gamma, beta, input: { shape, values: gradient }, residual: { shape, values: passed } };
}
