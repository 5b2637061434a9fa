import type { batchNormGradientOp } from "@bn-only/frozen-layers";
import { type TensorInfo, util } from "@tensorflow/tfjs-core";
import { computeCoefficients, rowsOf } from "./batch-norm.ts";
import { copyRun } from "./copy.ts";
import { DeferredBatchNorm } from "./deferred-batch-norm.ts";
import { gradientSums, isOurs, type Mask } from "./gradient-sums.ts";
import { freeing, type WasmKernel, withMemory } from "./kernel.ts";
import { type Job, job, PROLOGUE } from "./plan.ts";

// Host side of assembly/batch-norm-gradient.ts.

export const batchNormGradient: WasmKernel<typeof batchNormGradientOp> = (
  inputs,
  { epsilon, relu, batchStatistics, inputGradient },
  backend,
) => {
  const { outputGradient, input, output, kept, gamma, variance } = inputs;
  const cut = rowsOf(input);
  const { channels, width, rows, rest, chunkRows, chunks } = cut;
  const recomputed = inputGradient && isOurs(backend, outputGradient) ? "written" : "recomputed";
  const mask: Mask = relu ? (output ? "output" : recomputed) : "none";
  const gammaGradient = backend.allocate([channels]);
  const betaGradient = backend.allocate([channels]);
  const masked = mask === "output" ? backend.allocate(input.shape) : undefined;

  const sums = (coefficients: number): void => {
    if (kept && util.arraysEqual(kept.shape, [3, width])) {
      copyRun(backend, 3 * 4 * width, backend.pointer(kept), coefficients);
    } else computeCoefficients(backend, inputs, epsilon, coefficients, cut);
    const { slots, slotCount } = gradientSums(backend, inputs, mask, masked, coefficients);
    freeing(backend, slots, () =>
      backend.run("batchNormFinishGradient", 1, {
        slots,
        slotCount,
        channels,
        width,
        epsilon,
        gamma: backend.pointer(gamma),
        variance: backend.pointer(variance),
        gammaGradient: gammaGradient.pointer,
        betaGradient: betaGradient.pointer,
        coefficients: coefficients + 3 * 4 * width,
        count: batchStatistics ? (rows * width + rest) / channels : 0,
      }),
    );
  };
  const coefficientBytes = 6 * 4 * width;
  let inputGradientInfo: TensorInfo | undefined;
  if (inputGradient) {
    const last = (pointer: number, coefficients: number, gradient: number, x = 0): Job => {
      const args = {
        gradient,
        input: x,
        inputGradient: pointer,
        coefficients,
        width,
        rows,
        chunkRows,
        rest,
        recomputed: mask === "recomputed" ? 1 : 0,
      };
      return job("batchNormGradientInput", chunks, args, 3 * 4 * width);
    };
    const kind = mask === "recomputed" ? PROLOGUE.gradientMasked : PROLOGUE.gradient;
    const read = [masked?.info ?? outputGradient, input];
    const pass = new DeferredBatchNorm(backend, read, coefficientBytes, kind, last);
    inputGradientInfo = backend.defer(input.shape, pass);
    sums(pass.coefficients);
    // The last pass is for later if a convolution could do it on its way.
    if (width !== channels) backend.pointer(inputGradientInfo);
  } else withMemory(backend, coefficientBytes, sums);
  return {
    gammaGradient: gammaGradient.info,
    betaGradient: betaGradient.info,
    inputGradient: inputGradientInfo,
    residualGradient:
      masked?.info ?? (output && backend.share(outputGradient, outputGradient.shape)),
  };
};
