import type { batchNormGradientOp } from "@bn-only/frozen-layers";
import type { TensorInfo } from "@tensorflow/tfjs-core";
import { computeCoefficients, rowsOf } from "./batch-norm.ts";
import { DeferredBatchNorm } from "./deferred-batch-norm.ts";
import { type WasmKernel, withMemory } from "./kernel.ts";
import { type Job, job, PROLOGUE } from "./plan.ts";
import { DeferredSum } from "./sum.ts";

// Host side of assembly/batch-norm-gradient.ts.

/** Where the gradient learns what ReLU let pass; numbered as in assembly/batch-norm-gradient.ts. */
const MASK = { none: 0, recomputed: 1, output: 2 } as const;

export const batchNormGradient: WasmKernel<typeof batchNormGradientOp> = (
  inputs,
  { epsilon, relu, batchStatistics, inputGradient },
  backend,
) => {
  const { outputGradient, input, output, gamma, variance } = inputs;
  const { channels, width, rows, rest, chunkRows, chunks } = rowsOf(input);
  const mask = relu ? (output ? MASK.output : MASK.recomputed) : MASK.none;
  const gammaGradient = backend.allocate([channels]);
  const betaGradient = backend.allocate([channels]);
  const masked = mask === MASK.output ? backend.allocate(input.shape) : undefined;

  const x = backend.pointer(input);
  const sum = backend.deferred(outputGradient);
  const onItsWay = sum instanceof DeferredSum && masked !== undefined && rest === 0;
  const [dy, addend] = onItsWay ? [sum.a, sum.b] : [backend.pointer(outputGradient), 0];
  const coefficientBytes = 6 * 4 * width;
  let pass: DeferredBatchNorm | undefined;
  let inputGradientInfo: TensorInfo | undefined;
  if (inputGradient) {
    const recomputed = mask === MASK.recomputed;
    const last = (pointer: number, coefficients: number): Job => {
      const args = {
        gradient: masked?.pointer ?? dy,
        input: x,
        inputGradient: pointer,
        coefficients,
        width,
        rows,
        chunkRows,
        rest,
        recomputed: recomputed ? 1 : 0,
      };
      return job("batchNormGradientInput", chunks, args, 3 * 4 * width);
    };
    const kind = recomputed ? PROLOGUE.gradientMasked : PROLOGUE.gradient;
    const read = [masked?.info ?? outputGradient, input];
    pass = new DeferredBatchNorm(backend, read, coefficientBytes, kind, last);
    inputGradientInfo = backend.defer(input.shape, pass);
  }
  const sums = (coefficients: number): void => {
    computeCoefficients(backend, inputs, epsilon, coefficients, channels, width);
    withMemory(backend, chunks * width * 16, (slots) => {
      backend.run(
        "batchNormGradientSums",
        chunks,
        {
          outputGradient: dy,
          input: x,
          output: masked ? backend.pointer(output!) : 0,
          masked: masked?.pointer ?? 0,
          coefficients,
          slots,
          width,
          rows,
          chunkRows,
          rest,
          mask,
          addend,
        },
        4 * 4 * width,
      );
      backend.run("batchNormFinishGradient", 1, {
        slots,
        slotCount: chunks,
        channels,
        width,
        epsilon,
        gamma: backend.pointer(gamma),
        variance: backend.pointer(variance),
        gammaGradient: gammaGradient.pointer,
        betaGradient: betaGradient.pointer,
        coefficients: coefficients + 3 * 4 * width,
        count: batchStatistics ? (rows * width + rest) / channels : 0,
      });
    });
  };
  if (pass) sums(pass.coefficients);
  else withMemory(backend, coefficientBytes, sums);
  // The last pass is for later if a convolution could do it on its way.
  if (inputGradientInfo && width !== channels) backend.pointer(inputGradientInfo);
  return {
    gammaGradient: gammaGradient.info,
    betaGradient: betaGradient.info,
    inputGradient: inputGradientInfo,
    residualGradient:
      masked?.info ?? (output && backend.share(outputGradient, outputGradient.shape)),
  };
};
