import type { batchNormInferenceOp, batchNormOp } from "@bn-only/frozen-layers";
import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { WasmTrainingBackend } from "../backend.ts";
import { DeferredBatchNorm } from "./deferred-batch-norm.ts";
import { copyRun } from "./copy.ts";
import { type Collected, DeferredConvolution } from "./deferred-convolution.ts";
import { freeing, type WasmKernel, withMemory } from "./kernel.ts";
import { EPILOGUE, itemsPerChunk, type Job, job, NO_EPILOGUE, PROLOGUE } from "./plan.ts";

// Host side of assembly/batch-norm.ts, and what its gradient shares with it.

type StatisticsInputs = Readonly<
  Record<"input" | "gamma" | "beta" | "mean" | "variance", TensorInfo>
>;

/** A tensor as rows whose width is a whole number of pixels and of vectors. */
export interface Rows {
  readonly channels: number;
  readonly width: number;
  readonly rows: number;
  /** Numbers behind the last row. */
  readonly rest: number;
  readonly chunkRows: number;
  readonly chunks: number;
}

export function rowsOf({ shape }: TensorInfo): Rows {
  const channels = shape.at(-1)!;
  const size = shape.reduce((product, dimension) => product * dimension, 1);
  const width = leastCommonMultiple(channels, 16);
  const rows = Math.floor(size / width);
  const chunkRows = itemsPerChunk(rows, Math.max(32, Math.floor(4096 / width)));
  const chunks = Math.max(1, Math.ceil(rows / chunkRows));
  return { channels, width, rows, rest: size - rows * width, chunkRows, chunks };
}

function leastCommonMultiple(a: number, b: number): number {
  let [divisor, rest] = [a, b];
  while (rest > 0) [divisor, rest] = [rest, divisor % rest];
  return (a / divisor) * b;
}

/** Bytes of the statistics of a chunk, as in assembly/batch-norm.ts. */
const statisticsBytes = (width: number): number => 16 * width + 64;

export const batchNorm: WasmKernel<typeof batchNormOp> = (
  { runningMean, runningVariance, ...inputs },
  options,
  backend,
) => {
  const { input, gamma, beta, residual } = inputs;
  const rows = rowsOf(input);
  const { width, rest, channels } = rows;
  const vector = (): TensorInfo => backend.allocate([rows.channels]).info;
  const [mean, variance] = [vector(), vector()];
  const before = runningMean && runningVariance ? [runningMean, runningVariance] : [];
  const next = before.map(vector);
  const deferred = lastPass(backend, input, residual, rows, options.relu);
  const output = backend.defer(input.shape, deferred);
  const { coefficients } = deferred;
  withStatistics(backend, input, rows, ({ slots, slotCount }) => {
    const tail = backend.pointer(input) + 4 * rows.rows * width;
    const pointer = (tensor: TensorInfo | undefined): number =>
      tensor ? backend.pointer(tensor) : 0;
    backend.run("batchNormFinishStatistics", 1, {
      slots,
      slotCount,
      width,
      tail,
      rest,
      channels,
      mean: pointer(mean),
      variance: pointer(variance),
      runningMean: pointer(before[0]),
      runningVariance: pointer(before[1]),
      nextMean: pointer(next[0]),
      nextVariance: pointer(next[1]),
      momentum: options.momentum,
      gamma: pointer(gamma),
      beta: pointer(beta),
      coefficients,
      epsilon: options.epsilon,
    });
  });
  const kept = backend.allocate([3, width]);
  copyRun(backend, 3 * 4 * width, coefficients, kept.pointer);
  computeNow(backend, output, residual, rows);
  const [nextMean, nextVariance] = next;
  const running = { runningMean: nextMean, runningVariance: nextVariance };
  return { output, mean, variance, ...running, kept: kept.info };
};

/** Statistics of each chunk: from the convolution that makes the input, or from a pass over it. */
function withStatistics(
  backend: WasmTrainingBackend,
  input: TensorInfo,
  { channels, width, rows, chunkRows, chunks }: Rows,
  use: (collected: Collected) => void,
): void {
  const convolution = backend.deferred(input);
  if (convolution instanceof DeferredConvolution && width === channels) {
    const epilogue = { ...NO_EPILOGUE, epilogueKind: EPILOGUE.statistics };
    const collected = convolution.collect(statisticsBytes(width), epilogue, () => {
      backend.pointer(input);
    });
    if (collected) return freeing(backend, collected.slots, () => use(collected));
  }
  const pointer = backend.pointer(input);
  withMemory(backend, chunks * statisticsBytes(width), (slots) => {
    backend.run("batchNormStatistics", chunks, { input: pointer, slots, width, rows, chunkRows });
    use({ slots, slotCount: chunks });
  });
}

export const batchNormInference: WasmKernel<typeof batchNormInferenceOp> = (
  inputs,
  { epsilon, relu },
  backend,
) => {
  const { input, residual } = inputs;
  const rows = rowsOf(input);
  backend.pointer(input); // or whole networks would wait, and hold all that they read
  const deferred = lastPass(backend, input, residual, rows, relu);
  const output = backend.defer(input.shape, deferred);
  computeCoefficients(backend, inputs, epsilon, deferred.coefficients, rows);
  computeNow(backend, output, residual, rows);
  return { output };
};

/** y = relu((x − mean) · scale + beta + residual), once its coefficients are known. */
function lastPass(
  backend: WasmTrainingBackend,
  input: TensorInfo,
  residual: TensorInfo | undefined,
  { width, rows, rest, chunkRows, chunks }: Rows,
  relu: boolean,
): DeferredBatchNorm {
  const pass = (output: number, coefficients: number, x: number, addend = 0): Job => {
    const args = {
      input: x,
      residual: addend,
      output,
      coefficients,
      width,
      rows,
      chunkRows,
      rest,
      relu: relu ? 1 : 0,
    };
    return job("batchNormApply", chunks, args, 3 * 4 * width);
  };
  const kind = relu ? PROLOGUE.normaliseRelu : PROLOGUE.normalise;
  const inputsOfPass = residual ? [input, residual] : [input];
  return new DeferredBatchNorm(backend, inputsOfPass, 3 * 4 * width, kind, pass);
}

/** The last pass waits only if a convolution could do it on its way. */
function computeNow(
  backend: WasmTrainingBackend,
  output: TensorInfo,
  residual: TensorInfo | undefined,
  { width, channels }: Rows,
): void {
  if (residual || width !== channels) backend.pointer(output);
}

/** mean, scale and beta, repeated along a row. */
export function computeCoefficients(
  backend: WasmTrainingBackend,
  { gamma, beta, mean, variance }: StatisticsInputs,
  epsilon: number,
  coefficients: number,
  { channels, width }: Rows,
): void {
  backend.run("batchNormCoefficients", 1, {
    gamma: backend.pointer(gamma),
    beta: backend.pointer(beta),
    mean: backend.pointer(mean),
    variance: backend.pointer(variance),
    coefficients,
    channels,
    width,
    epsilon,
  });
}
