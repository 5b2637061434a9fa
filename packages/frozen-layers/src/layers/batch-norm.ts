import { type Tensor, type Tensor1D, keep, ones, reshape, zeros } from "@tensorflow/tfjs-core";
import { ShapeError } from "../errors.ts";
import { runOp } from "../kernels/run-op.ts";
import { activationGradientOp, activationOp } from "../ops/activation.ts";
import { batchNormGradientOp, batchNormInferenceOp, batchNormOp } from "../ops/batch-norm.ts";
import { RunningStatistic, Parameter } from "../parameters/parameter.ts";
import { assertOptions } from "../check.ts";
import { assertNumber, assertOneOf, assertWhole, formatShape, hint } from "../shape.ts";
import { defineLayer, type Layer, type LayerOutput, needsBackward, type Pass } from "./layer.ts";

/** Options of `batchNorm`; epsilon and momentum are those of `torch.nn.BatchNorm2d` by default. */
export interface BatchNormLayerOptions {
  /** Which of gamma and beta exist; the other is 1 or 0 and no parameter. Default `both`. */
  readonly affine?: "both" | "gamma" | "beta" | "none" | undefined;
  /** `relu` is fused into this layer, `relu6` follows it and is saved. Default `none`. */
  readonly activation?: "relu" | "relu6" | "none" | undefined;
  /** Added to the variance. Default 1e-5. */
  readonly epsilon?: number | undefined;
  /** Weight of the batch in the running statistics, PyTorch's convention. Default 0.1. */
  readonly momentum?: number | undefined;
}

const names = { affine: true, activation: true, epsilon: true, momentum: true } as const;

/** What the forward pass of a BatchNorm leaves to its backward pass, which owns the tensors. */
export interface BatchNormLayerSaved {
  readonly input: Tensor;
  /** That normalised, `[channels]`, as the variance. */
  readonly mean: Tensor;
  readonly variance: Tensor;
  /** Only where a residual was added. */
  readonly output?: Tensor;
  /** What the backend's own gradient kernel would like to have again. */
  readonly kept?: Tensor | undefined;
  /** The output of a ReLU6, which knows where it let the gradient pass. */
  readonly activated?: Tensor | undefined;
  /** Whether mean and variance are the batch's, and not the running ones. */
  readonly batchStatistics: boolean;
}

interface Gradients {
  readonly input: Tensor | undefined;
  readonly residual: Tensor | undefined;
}

interface Joined {
  forwardJoined(input: Tensor, residual: Tensor, pass: Pass): LayerOutput<BatchNormLayerSaved>;
  backwardJoined(
    saved: BatchNormLayerSaved,
    outputGradient: Tensor,
    pass: Pass,
  ): { input: Tensor | undefined; residual: Tensor };
}

/** A BatchNorm that can take the addition of a residual block before its ReLU. */
export type BatchNormLayer = Layer<BatchNormLayerSaved> & Joined;

/**
 * `relu(gamma · (x − mean) / √(variance + ε) + beta)` over `[batch, height, width, channels]` or, behind
 * a dense layer, `[batch, channels]`, with PyTorch's conventions: the running variance is the unbiased one.
 * Saves its input and two vectors.
 *
 * Three switches are separate: which of gamma and beta train (`Parameter.trainable`), which
 * statistics normalise (`Pass.statistics`) and whether the running ones move
 * (`Pass.updateStatistics`). Statistics that are `fixed` normalise in training too, and stay.
 *
 * @throws ShapeError for an option that does not exist or is out of range, and when an input has another
 * number of channels.
 */
export function batchNorm(channels: number, options: BatchNormLayerOptions = {}): BatchNormLayer {
  assertOptions("batchNorm", options, names);
  const { affine = "both", activation = "none", epsilon = 1e-5, momentum = 0.1 } = options;
  assertWhole("batchNorm: channels", channels, 1);
  assertOneOf("batchNorm: affine", affine, ["both", "gamma", "beta", "none"]);
  assertOneOf("batchNorm: activation", activation, ["relu", "relu6", "none"]);
  assertNumber("batchNorm: epsilon", epsilon, "above 0", (value) => value > 0);
  assertNumber("batchNorm: momentum", momentum, "from 0 to 1", (x) => x >= 0 && x <= 1);
  const hasGamma = affine === "both" || affine === "gamma";
  const hasBeta = affine === "both" || affine === "beta";
  const gamma = hasGamma ? new Parameter("gamma", "bn.gamma", [channels]) : undefined;
  const beta = hasBeta ? new Parameter("beta", "bn.beta", [channels]) : undefined;
  const mean = new RunningStatistic("mean", "bn.mean", [channels]);
  const variance = new RunningStatistic("variance", "bn.variance", [channels]);
  const kernelOptions = { epsilon, relu: activation === "relu" };

  // Stand-ins for an absent gamma or beta, made at first use.
  const constants: { gamma?: Tensor; beta?: Tensor } = {};
  const affineValues = (): { gamma: Tensor; beta: Tensor } => ({
    gamma: gamma?.value ?? (constants.gamma ??= keep(ones([channels]))),
    beta: beta?.value ?? (constants.beta ??= keep(zeros([channels]))),
  });

  function forward(input: Tensor, pass: Pass, residual?: Tensor): LayerOutput<BatchNormLayerSaved> {
    if (input.rank !== 2) return forwardImages(input, pass, residual);
    const result = forwardImages(asImages(input), pass, residual && asImages(residual));
    return { ...result, output: asVectors(result.output) };
  }

  function forwardImages(
    input: Tensor,
    pass: Pass,
    residual?: Tensor,
  ): LayerOutput<BatchNormLayerSaved> {
    const batchStatistics = pass.statistics === "batch" && !mean.fixed && !variance.fixed;
    const values = affineValues();
    let output: Tensor;
    let statistics: { mean: Tensor; variance: Tensor; kept?: Tensor | undefined };
    if (batchStatistics) {
      const running = pass.updateStatistics ? runningStatistics(input) : undefined;
      const inputs = { input, ...values, residual, ...running };
      const result = runOp(batchNormOp, inputs, { ...kernelOptions, momentum });
      const { runningMean, runningVariance, ...rest } = result;
      ({ output, ...statistics } = rest);
      if (runningMean) pass.statisticsUpdates.set(mean, runningMean);
      if (runningVariance) pass.statisticsUpdates.set(variance, runningVariance);
    } else {
      statistics = { mean: mean.value.clone(), variance: variance.value.clone() };
      const inputs = { input, ...values, ...statistics, residual };
      ({ output } = runOp(batchNormInferenceOp, inputs, kernelOptions));
    }
    residual?.dispose();
    if (activation === "relu6") ({ output } = runOp(activationOp, { input: output }, RELU6));
    if (needsBackward(layer, pass)) {
      const activated = activation === "relu6" ? output.clone() : undefined;
      const saved = { input, ...statistics, activated, batchStatistics };
      return { output, saved: residual ? { ...saved, output: output.clone() } : saved };
    }
    [input, ...Object.values(statistics)].forEach((tensor) => tensor?.dispose());
    return { output, saved: undefined };
  }

  function runningStatistics(input: Tensor): { runningMean: Tensor; runningVariance: Tensor } {
    if (input.size / channels < 2) {
      throw new ShapeError(
        `batchNorm: one value per channel has no variance (input ${formatShape(input.shape)} at ` +
          `"${layer.path}"). Use a batch of at least 2 images.`,
      );
    }
    return { runningMean: mean.value, runningVariance: variance.value };
  }

  function backward(saved: BatchNormLayerSaved, gradient: Tensor, pass: Pass): Gradients {
    if (gradient.rank !== 2) return backwardImages(saved, gradient, pass);
    const { input, residual } = backwardImages(saved, asImages(gradient), pass);
    return { input: input && asVectors(input), residual: residual && asVectors(residual) };
  }

  function backwardImages(
    { batchStatistics, activated, ...saved }: BatchNormLayerSaved,
    gradient: Tensor,
    pass: Pass,
  ): Gradients {
    const outputGradient = activated ? throughRelu6(gradient, activated) : gradient;
    const gradients = runOp(
      batchNormGradientOp,
      { outputGradient, ...saved, ...affineValues() },
      { ...kernelOptions, batchStatistics, inputGradient: pass.inputGradient },
    );
    Object.values(saved).forEach((tensor) => tensor?.dispose());
    collect(gamma, gradients.gammaGradient, pass);
    collect(beta, gradients.betaGradient, pass);
    return { input: gradients.inputGradient, residual: gradients.residualGradient };
  }

  const layer: BatchNormLayer = Object.assign<Layer<BatchNormLayerSaved>, Joined>(
    defineLayer<BatchNormLayerSaved>({
      kind: "batchNorm",
      options: { channels, affine, activation, epsilon, momentum },
      activation: activation === "none" ? undefined : activation,
      parameters: [gamma, beta].filter((parameter) => parameter !== undefined),
      buffers: [mean, variance],

      outline(inputShape) {
        if (![1, 3].includes(inputShape.length) || inputShape.at(-1) !== channels) {
          throw new ShapeError(
            `batchNorm: expected one input of shape [height,width,${channels}] or [${channels}], got ` +
              `${formatShape(inputShape)}.${hint(layer.path)}`,
          );
        }
        return { outputShape: inputShape, macs: 0 };
      },

      forward: (input, pass) => forward(input, pass),
      backward: (saved, outputGradient, pass) => backward(saved, outputGradient, pass).input,

      dispose() {
        constants.gamma?.dispose();
        constants.beta?.dispose();
        delete constants.gamma;
        delete constants.beta;
      },
    }),

    {
      forwardJoined: (input, residual, pass) => forward(input, pass, residual),
      backwardJoined(saved, outputGradient, pass) {
        const { input, residual } = backward(saved, outputGradient, pass);
        return { input, residual: residual! };
      },
    },
  );
  return layer;
}

/** `[batch, channels]` as images of one pixel; owns it. */
function asImages(vectors: Tensor): Tensor {
  const [batch, channels] = vectors.shape;
  const images = reshape(vectors, [batch!, 1, 1, channels!]);
  vectors.dispose();
  return images;
}

/** The inverse. */
function asVectors(images: Tensor): Tensor {
  const vectors = reshape(images, [images.shape[0]!, images.shape.at(-1)!]);
  images.dispose();
  return vectors;
}

const RELU6 = { kind: "relu6" } as const;

/** The gradient before a ReLU6; owns both. */
function throughRelu6(outputGradient: Tensor, output: Tensor): Tensor {
  const { inputGradient } = runOp(activationGradientOp, { outputGradient, output }, RELU6);
  output.dispose();
  return inputGradient;
}

export function isBatchNorm(layer: Layer): layer is BatchNormLayer {
  return layer.kind === "batchNorm";
}

/** Hands a gradient to the step if its parameter trains. */
function collect(parameter: Parameter | undefined, gradient: Tensor1D, pass: Pass): void {
  if (parameter?.trainable) pass.gradients.set(parameter, gradient);
  else gradient.dispose();
}
