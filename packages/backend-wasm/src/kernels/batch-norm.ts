import type { batchNormInferenceOp, batchNormOp } from "@bn-only/frozen-layers";
import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { WasmTrainingBackend } from "../backend.ts";
import { DeferredBatchNorm } from "./deferred-batch-norm.ts";
import { DeferredConvolution } from "./deferred-convolution.ts";
import { type WasmKernel, withMemory } from "./kernel.ts";
import { itemsPerChunk, type Job, job, PROLOGUE } from "./plan.ts";

// Host side of assembly/batch-norm.ts, and what its gradient shares with it.

type StatisticsInputs = Readonly<
  Record<"input" | "gamma" | "beta" | "mean" | "variance", TensorInfo>
> & { readonly residual?: TensorInfo | undefined };
type Options = { readonly epsilon: number; readonly relu: boolean };

/** A tensor as rows whose width is a whole number of pixels and of vectors. */
interface Rows {
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
  const rows = rowsOf(inputs.input);
  const vector = (): TensorInfo => backend.allocate([rows.channels]).info;
  const [mean, variance] = [vector(), vector()];
  const running = runningMean && runningVariance ? [runningMean, runningVariance] : [];
  const next = running.map(vector);
  withStatistics(backend, inputs.input, rows, (slots, chunks) => {
    const { width, rest, channels } = rows;
    const tail = backend.pointer(inputs.input) + 4 * rows.rows * width;
    const pointer = (tensor: TensorInfo | undefined): number =>
      tensor ? backend.pointer(tensor) : 0;
    backend.run("batchNormFinishStatistics", 1, {
      slots,
      slotCount: chunks,
      width,
      tail,
      rest,
      channels,
      mean: pointer(mean),
      variance: pointer(variance),
      runningMean: pointer(running[0]),
      runningVariance: pointer(running[1]),
      nextMean: pointer(next[0]),
      nextVariance: pointer(next[1]),
      momentum: options.momentum,
    });
  });
  const output = apply(backend, { ...inputs, mean, variance }, options, rows);
  const [nextMean, nextVariance] = next;
  return { output, mean, variance, runningMean: nextMean, runningVariance: nextVariance };
};

/** Statistics of each chunk: from the convolution that makes the input, or from a pass over it. */
function withStatistics(
  backend: WasmTrainingBackend,
  input: TensorInfo,
  { channels, width, rows, chunkRows, chunks }: Rows,
  use: (slots: number, chunks: number) => void,
): void {
  let collected: { slots: number; chunks: number } | undefined;
  const convolution = backend.deferred(input);
  if (convolution instanceof DeferredConvolution && width === channels) {
    convolution.collect = (count) => {
      collected = { slots: backend.heap.allocate(count * statisticsBytes(width)), chunks: count };
      return collected.slots;
    };
  }
  let pointer: number;
  try {
    pointer = backend.pointer(input);
    if (collected) return use(collected.slots, collected.chunks);
  } finally {
    if (convolution instanceof DeferredConvolution) convolution.collect = undefined;
    if (collected) backend.heap.free(collected.slots);
  }
  withMemory(backend, chunks * statisticsBytes(width), (slots) => {
    backend.run("batchNormStatistics", chunks, { input: pointer, slots, width, rows, chunkRows });
    use(slots, chunks);
  });
}

export const batchNormInference: WasmKernel<typeof batchNormInferenceOp> = (
  inputs,
  options,
  backend,
) => ({ output: apply(backend, inputs, options, rowsOf(inputs.input)) });

function apply(
  backend: WasmTrainingBackend,
  inputs: StatisticsInputs,
  { epsilon, relu }: Options,
  { channels, width, rows, rest, chunkRows, chunks }: Rows,
): TensorInfo {
  const { input, residual } = inputs;
  const x = backend.pointer(input);
  const addend = residual ? backend.pointer(residual) : 0;
  const pass = (output: number, coefficients: number): Job => {
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
  const deferred = new DeferredBatchNorm(backend, inputsOfPass, 3 * 4 * width, kind, pass);
  const output = backend.defer(input.shape, deferred);
  computeCoefficients(backend, inputs, epsilon, deferred.coefficients, channels, width);
  // The last pass is for later if a convolution could do it on its way.
  if (residual || width !== channels) backend.pointer(output);
  return output;
}

/** mean, scale and beta, repeated along a row. */
export function computeCoefficients(
  backend: WasmTrainingBackend,
  { gamma, beta, mean, variance }: StatisticsInputs,
  epsilon: number,
  coefficients: number,
  channels: number,
  width: number,
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
