import type { Tensor, Tensor1D } from "@tensorflow/tfjs-core";
import { ShapeError } from "../errors.ts";
import { assertImages, assertNumber, assertShape, assertShapeIfAny } from "../shape.ts";
import { defineOp, type Op } from "./op.ts";

export type BatchNormOptions = {
  /** Added to the variance. PyTorch's default is 1e-5. */
  readonly epsilon: number;
  /** Whether ReLU follows, after the residual where there is one. */
  readonly relu: boolean;
};

/** gamma and beta are `[channels]`. */
type Affine = { readonly gamma: Tensor; readonly beta: Tensor };

/** `[channels]` each; the variance is the biased one. */
type Statistics = { readonly mean: Tensor; readonly variance: Tensor };

export type BatchNormInputs = Affine & {
  /** `[batch, height, width, channels]` */
  readonly input: Tensor;
  /** Of the same shape, added before ReLU. */
  readonly residual?: Tensor | undefined;
  /** `[channels]`; both running statistics or neither. */
  readonly runningMean?: Tensor | undefined;
  readonly runningVariance?: Tensor | undefined;
};

export type BatchNormAttributes = BatchNormOptions & {
  /** Weight of the batch in the running statistics. */
  readonly momentum: number;
};

export type BatchNormOutputs = {
  readonly output: Tensor;
  /** Of the batch, `[channels]`. */
  readonly mean: Tensor1D;
  /** Of the batch, biased, `[channels]`. */
  readonly variance: Tensor1D;
  /** `(1 − momentum) · running + momentum · batch`, with the unbiased variance, where running statistics were given. */
  readonly runningMean?: Tensor1D | undefined;
  readonly runningVariance?: Tensor1D | undefined;
  /** What the backend's own gradient kernel would like to have again. */
  readonly kept?: Tensor | undefined;
};

/**
 * `y = relu(gamma · (x − mean) / √(variance + ε) + beta + residual)` with the statistics of the
 * batch, per channel over batch, height and width (Ioffe & Szegedy 2015).
 */
export const batchNormOp: Op<BatchNormInputs, BatchNormAttributes, BatchNormOutputs> = defineOp({
  name: "BnOnlyBatchNorm",
  check(inputs, { epsilon, momentum }) {
    assertEpsilon("batchNorm", epsilon);
    assertNumber("batchNorm: momentum", momentum, "from 0 to 1", (x) => x >= 0 && x <= 1);
    const { input, residual, runningMean, runningVariance } = inputs;
    const channels = checkAffine("batchNorm", input, inputs);
    assertShapeIfAny("batchNorm", "residual", residual, input.shape);
    assertShapeIfAny("batchNorm", "runningMean", runningMean, channels);
    assertShapeIfAny("batchNorm", "runningVariance", runningVariance, channels);
    if ((runningMean === undefined) === (runningVariance === undefined)) return;
    throw new ShapeError(
      "batchNorm: expected both running statistics or neither, got one of them.",
    );
  },
});

function assertEpsilon(op: string, epsilon: number): void {
  assertNumber(`${op}: epsilon`, epsilon, "above 0", (value) => value > 0);
}

function assertStatistics(op: string, { mean, variance }: Partial<Statistics>): void {
  if (mean && variance) return;
  throw new ShapeError(
    `${op}: expected mean and variance, got ${mean ? "no variance" : "no mean"}.`,
  );
}

/** @throws ShapeError unless gamma and beta, and the statistics where given, are `[channels]`; that is the answer. */
function checkAffine(
  op: "batchNorm" | "batchNormInference" | "batchNormGradient",
  { shape }: Tensor,
  { gamma, beta, mean, variance }: Affine & Partial<Statistics>,
): readonly number[] {
  assertImages(op, shape);
  const channels = [shape[3]!];
  assertShape(op, "gamma", gamma, channels);
  assertShape(op, "beta", beta, channels);
  assertShapeIfAny(op, "mean", mean, channels);
  assertShapeIfAny(op, "variance", variance, channels);
  return channels;
}

export type BatchNormInferenceInputs = Affine &
  Statistics & {
    readonly input: Tensor;
    readonly residual?: Tensor | undefined;
  };

/** The same with given statistics, as evaluation wants it. */
export const batchNormInferenceOp: Op<
  BatchNormInferenceInputs,
  BatchNormOptions,
  { readonly output: Tensor }
> = defineOp({
  name: "BnOnlyBatchNormInference",
  check(inputs, { epsilon }) {
    assertEpsilon("batchNormInference", epsilon);
    assertStatistics("batchNormInference", inputs);
    checkAffine("batchNormInference", inputs.input, inputs);
    assertShapeIfAny("batchNormInference", "residual", inputs.residual, inputs.input.shape);
  },
});

export type BatchNormGradientInputs = Affine &
  Statistics & {
    readonly outputGradient: Tensor;
    /** Of the forward pass. */
    readonly input: Tensor;
    /** Of the forward pass; only where a residual was added, to know where ReLU let it pass. */
    readonly output?: Tensor | undefined;
    /** What `batchNorm` gave as such. A kernel works without it, too. */
    readonly kept?: Tensor | undefined;
  };

export type BatchNormGradientAttributes = BatchNormOptions & {
  /** Whether mean and variance depend on the input (training) or are constants. */
  readonly batchStatistics: boolean;
  /** Whether dLoss/dInput is wanted; not for the lowest layer that trains. */
  readonly inputGradient: boolean;
};

export type BatchNormGradients = {
  readonly gammaGradient: Tensor1D;
  readonly betaGradient: Tensor1D;
  /** dLoss/dInput, where it was wanted. */
  readonly inputGradient?: Tensor | undefined;
  /** dLoss/dResidual: the output gradient where ReLU let it pass. Only with `output`. */
  readonly residualGradient?: Tensor | undefined;
};

/**
 * With `g` the output gradient where ReLU let it pass, x̂ the normalised input and N the number of
 * elements per channel: `dbeta = Σ g`, `dgamma = Σ g x̂`, and
 * `dx = gamma / √(variance + ε) · (g − dbeta / N − x̂ · dgamma / N)`; without the two last terms
 * where the statistics are constants.
 *
 * Owns the output gradient, the largest tensor here.
 */
export const batchNormGradientOp: Op<
  BatchNormGradientInputs,
  BatchNormGradientAttributes,
  BatchNormGradients
> = defineOp({
  name: "BnOnlyBatchNormGradient",
  owns: ["outputGradient"],
  check(inputs, { epsilon }) {
    assertEpsilon("batchNormGradient", epsilon);
    assertStatistics("batchNormGradient", inputs);
    const { input, outputGradient, output } = inputs;
    checkAffine("batchNormGradient", input, inputs);
    assertShape("batchNormGradient", "outputGradient", outputGradient, input.shape);
    assertShapeIfAny("batchNormGradient", "output", output, input.shape);
  },
});
