import type { NamedTensorInfoMap, TensorInfo } from "@tensorflow/tfjs-core";
import type { WasmTrainingBackend } from "../backend.ts";
import { type TrainingKernel, withMemory } from "./kernel.ts";
import { itemsPerChunk } from "./plan.ts";

// Host side of assembly/batch-norm*.ts.

interface Options {
  readonly epsilon: number;
  readonly relu: boolean;
}

interface GradientOptions extends Options {
  readonly batchStatistics: boolean;
  readonly inputGradient: boolean;
}

interface BatchNormInputs extends NamedTensorInfoMap {
  input: TensorInfo;
  gamma: TensorInfo;
  beta: TensorInfo;
}

interface StatisticsInputs extends BatchNormInputs {
  mean: TensorInfo;
  variance: TensorInfo;
}

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

function rowsOf({ shape }: TensorInfo): Rows {
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

/** Two float64 sums per column and chunk. */
const slotBytes = ({ chunks, width }: Rows): number => chunks * width * 16;

export const batchNorm: TrainingKernel<BatchNormInputs, Options> = (backend, inputs, options) => {
  const rows = rowsOf(inputs.input);
  const input = backend.pointer(inputs.input);
  const mean = backend.allocate([rows.channels]);
  const variance = backend.allocate([rows.channels]);
  withMemory(backend, slotBytes(rows), (slots) => {
    const { width, rows: count, chunkRows, chunks } = rows;
    backend.run("batchNormStatistics", chunks, [input, slots, width, count, chunkRows]);
    backend.run("batchNormFinishStatistics", 1, [
      ...[slots, chunks, width, count, chunkRows, input, rows.rest, rows.channels],
      ...[mean.pointer, variance.pointer],
    ]);
  });
  const statistics = { mean: mean.info, variance: variance.info };
  return [apply(backend, { ...inputs, ...statistics }, options, rows), mean.info, variance.info];
};

export const batchNormInference: TrainingKernel<StatisticsInputs, Options> = (
  backend,
  inputs,
  options,
) => [apply(backend, inputs, options, rowsOf(inputs.input))];

function apply(
  backend: WasmTrainingBackend,
  inputs: StatisticsInputs,
  { epsilon, relu }: Options,
  { channels, width, rows, rest, chunkRows, chunks }: Rows,
): TensorInfo {
  const { input, residual } = inputs;
  const output = backend.allocate(input.shape);
  withMemory(backend, 3 * 4 * width, (coefficients) => {
    computeCoefficients(backend, inputs, epsilon, coefficients, channels, width);
    backend.run(
      "batchNormApply",
      chunks,
      [
        ...[backend.pointer(input), residual ? backend.pointer(residual) : 0, output.pointer],
        ...[coefficients, width, rows, chunkRows, rest, relu ? 1 : 0],
      ],
      3 * 4 * width,
    );
  });
  return output.info;
}

/** mean, scale and beta, repeated along a row. */
function computeCoefficients(
  backend: WasmTrainingBackend,
  { gamma, beta, mean, variance }: StatisticsInputs,
  epsilon: number,
  coefficients: number,
  channels: number,
  width: number,
): void {
  const vectors = [gamma, beta, mean, variance].map((tensor) => backend.pointer(tensor));
  backend.run("batchNormCoefficients", 1, [...vectors, coefficients, channels, width, epsilon]);
}

interface GradientInputs extends StatisticsInputs {
  outputGradient: TensorInfo;
}

/** Where the gradient learns what ReLU let pass; numbered as in assembly/batch-norm-gradient.ts. */
const MASK = { none: 0, recomputed: 1, output: 2 } as const;

export const batchNormGradient: TrainingKernel<GradientInputs, GradientOptions> = (
  backend,
  inputs,
  { epsilon, relu, batchStatistics, inputGradient },
) => {
  const { outputGradient, input, output, gamma, variance } = inputs;
  const { channels, width, rows, rest, chunkRows, chunks } = rowsOf(input);
  const mask = relu ? (output ? MASK.output : MASK.recomputed) : MASK.none;
  const gammaGradient = backend.allocate([channels]);
  const betaGradient = backend.allocate([channels]);
  const masked = mask === MASK.output ? backend.allocate(input.shape) : undefined;
  const results = [gammaGradient.info, betaGradient.info];

  withMemory(backend, 6 * 4 * width + slotBytes(rowsOf(input)), (memory) => {
    const [coefficients, slots] = [memory + chunks * width * 16, memory];
    const [dy, x] = [backend.pointer(outputGradient), backend.pointer(input)];
    computeCoefficients(backend, inputs, epsilon, coefficients, channels, width);
    backend.run(
      "batchNormGradientSums",
      chunks,
      [
        ...[dy, x, masked ? backend.pointer(output!) : 0, masked?.pointer ?? 0],
        ...[coefficients, slots, width, rows, chunkRows, rest, mask],
      ],
      4 * 4 * width,
    );
    backend.run("batchNormFinishGradient", 1, [
      ...[slots, chunks, backend.pointer(gamma), backend.pointer(variance)],
      ...[gammaGradient.pointer, betaGradient.pointer, coefficients + 3 * 4 * width],
      ...[channels, width, epsilon, batchStatistics ? (rows * width + rest) / channels : 0],
    ]);
    if (!inputGradient) return;
    const gradient = backend.allocate(input.shape);
    backend.run(
      "batchNormGradientInput",
      chunks,
      [
        ...[masked?.pointer ?? dy, x, gradient.pointer, coefficients],
        ...[width, rows, chunkRows, rest, mask === MASK.recomputed ? 1 : 0],
      ],
      3 * 4 * width,
    );
    results.push(gradient.info);
  });
  if (masked) results.push(masked.info);
  else if (output) results.push(backend.share(outputGradient, outputGradient.shape));
  return results;
};
