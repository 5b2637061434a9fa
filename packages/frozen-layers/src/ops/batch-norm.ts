import { type Tensor, type Tensor1D, add, mul, tidy } from "@tensorflow/tfjs-core";
import {
  batchNormGradientReference,
  batchNormInferenceReference,
  batchNormReference,
} from "../kernels/reference/batch-norm.ts";
import { run } from "./dispatch.ts";

/** gamma and beta, `[channels]` each. */
export interface BatchNormAffine {
  readonly gamma: Tensor;
  readonly beta: Tensor;
}

export interface BatchNormOptions {
  /** Added to the variance. PyTorch's default is 1e-5. */
  readonly epsilon: number;
  /** Whether ReLU follows, after the residual where there is one. */
  readonly relu: boolean;
}

/** Statistics that follow those of the batches. */
export interface RunningStatistics {
  readonly mean: Tensor;
  readonly variance: Tensor;
  /** Weight of the batch in the new values. */
  readonly momentum: number;
}

export interface BatchNormOutput {
  readonly output: Tensor;
  /** Mean of the batch, `[channels]`. */
  readonly mean: Tensor1D;
  /** Biased variance of the batch, `[channels]`. */
  readonly variance: Tensor1D;
  /** The next running statistics, where running ones were given. */
  readonly running?: { readonly mean: Tensor1D; readonly variance: Tensor1D };
  /** What the backend's own gradient kernel would like to have again, beside input and statistics. */
  readonly kept?: Tensor;
}

export const batchNormOps = {
  forward: { name: "BnOnlyBatchNorm", reference: batchNormReference },
  gradient: { name: "BnOnlyBatchNormGradient", reference: batchNormGradientReference },
  inference: { name: "BnOnlyBatchNormInference", reference: batchNormInferenceReference },
} as const;

/**
 * `y = relu(gamma · (x − mean) / √(variance + ε) + beta + residual)` with the statistics of the
 * batch, per channel over batch, height and width (Ioffe & Szegedy 2015).
 *
 * @param input `[batch, height, width, channels]`
 * @param residual of the same shape, added before ReLU
 * @param running become `(1 − momentum) · running + momentum · batch`, with the unbiased variance of
 *   the batch
 */
export function batchNorm(
  input: Tensor,
  { gamma, beta }: BatchNormAffine,
  options: BatchNormOptions,
  residual?: Tensor,
  running?: RunningStatistics,
): BatchNormOutput {
  const inputs = {
    input,
    gamma,
    beta,
    ...(residual && { residual }),
    ...(running && { runningMean: running.mean, runningVariance: running.variance }),
  };
  const attributes = { ...options, momentum: running?.momentum ?? 0 };
  const outputs = run(batchNormOps.forward, inputs, attributes);
  const [output, mean, variance, ...rest] = outputs as [Tensor, Tensor1D, Tensor1D, ...Tensor[]];
  if (!running) return { output, mean, variance, ...keptOf(rest) };
  // A kernel may move the running statistics at once, and then gives them first.
  const [nextMean, nextVariance] = (
    rest.length > 1 ? rest.splice(0, 2) : moveStatistics(running, mean, variance, input.size)
  ) as [Tensor1D, Tensor1D];
  const next = { mean: nextMean, variance: nextVariance };
  return { output, mean, variance, running: next, ...keptOf(rest) };
}

function keptOf([kept]: readonly Tensor[]): { kept?: Tensor } {
  return kept ? { kept } : {};
}

function moveStatistics(
  running: RunningStatistics,
  mean: Tensor,
  variance: Tensor,
  inputSize: number,
): Tensor[] {
  const { momentum } = running;
  const count = inputSize / mean.size;
  const towards = (old: Tensor, value: Tensor, weight: number): Tensor =>
    tidy(() => add(mul(old, 1 - momentum), mul(value, weight)));
  return [
    towards(running.mean, mean, momentum),
    towards(running.variance, variance, (momentum * count) / (count - 1)),
  ];
}

/** The same with given statistics, as evaluation wants it. */
export function batchNormInference(
  input: Tensor,
  { gamma, beta }: BatchNormAffine,
  statistics: { readonly mean: Tensor; readonly variance: Tensor },
  options: BatchNormOptions,
  residual?: Tensor,
): Tensor {
  const inputs = { input, gamma, beta, ...statistics, ...(residual && { residual }) };
  return run(batchNormOps.inference, inputs, options)[0]!;
}

/** What a kernel of `batchNorm` gets. */
export interface BatchNormForwardOptions extends BatchNormOptions {
  /** Of running statistics. */
  readonly momentum: number;
}

export interface BatchNormGradientOptions extends BatchNormOptions {
  /** Whether mean and variance depend on the input (training) or are constants. */
  readonly batchStatistics: boolean;
  /** Whether dLoss/dInput is wanted; not for the lowest layer that trains. */
  readonly inputGradient: boolean;
}

export interface BatchNormSaved extends BatchNormAffine {
  readonly input: Tensor;
  readonly mean: Tensor;
  readonly variance: Tensor;
  /** The forward output; only where a residual was added, to know where ReLU let it pass. */
  readonly output?: Tensor;
  /** What `batchNorm` gave as such. A kernel works without it, too. */
  readonly kept?: Tensor;
}

export interface BatchNormGradients {
  readonly gamma: Tensor1D;
  readonly beta: Tensor1D;
  /** dLoss/dInput, where it was wanted. */
  readonly input?: Tensor;
  /** dLoss/dResidual: the output gradient where ReLU let it pass. Only with `saved.output`. */
  readonly residual?: Tensor;
}

/**
 * With `g` the output gradient where ReLU let it pass, x̂ the normalised input and N the number of
 * elements per channel: `dbeta = Σ g`, `dgamma = Σ g x̂`, and
 * `dx = gamma / √(variance + ε) · (g − dbeta / N − x̂ · dgamma / N)`; without the two last terms
 * where the statistics are constants.
 *
 * Owns the output gradient, which is the largest tensor here and may be overwritten.
 */
export function batchNormGradient(
  outputGradient: Tensor,
  saved: BatchNormSaved,
  options: BatchNormGradientOptions,
): BatchNormGradients {
  const outputs = run(batchNormOps.gradient, { outputGradient, ...saved }, options);
  outputGradient.dispose();
  const [gamma, beta] = outputs as [Tensor1D, Tensor1D];
  const rest = outputs.slice(2);
  const input = options.inputGradient ? rest.shift() : undefined;
  const residual = rest.shift();
  return { gamma, beta, ...(input && { input }), ...(residual && { residual }) };
}
