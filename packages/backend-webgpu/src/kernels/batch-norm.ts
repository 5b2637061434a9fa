import type { batchNormInferenceOp, batchNormOp } from "@bn-only/frozen-layers";
import { type TensorInfo, util } from "@tensorflow/tfjs-core";
import type { WebgpuTrainingBackend } from "../backend.ts";
import { batchStatistics, chunkStatistics } from "../shaders/channel-statistics.ts";
import {
  channelGrid,
  channelIndices,
  chunksOf,
  forEachRow,
  INVOCATIONS,
} from "../shaders/channels.ts";
import { defineShader } from "../shaders/shader.ts";
import { release, type WebgpuKernel } from "./kernel.ts";

/**
 * Rows of an invocation, and chunks at most: enough for a large GPU, few enough for the second stage. A program that
 * plays a GPU makes each invocation of a workgroup with a barrier a coroutine, which takes as long as tens of rows.
 */
export function summing({ adapter }: WebgpuTrainingBackend): { least: number; most: number } {
  return { least: adapter.software ? 128 : 32, most: 512 };
}

/** Rows of an invocation that writes as many. */
export const WRITING = { least: 8, most: 1 << 14 };

/** `y = relu(gamma · (x − mean) / √(variance + ε) + beta + residual)` in one pass. */
const normalise = defineShader<{ channels: number; relu: boolean; joined: boolean }>(
  "normalise",
  ({ channels, relu, joined }) => {
    const grid = channelGrid(channels);
    const { element } = grid;
    const vectors = ["gamma", "beta", "mean", "variance"];
    const tensors = joined ? ["input", "residual"] : ["input"];
    return {
      inputs: Object.fromEntries([...tensors, ...vectors].map((name) => [name, element] as const)),
      outputs: { output: element },
      uniforms: { rows: "u32", chunkRows: "u32", epsilon: "f32" },
      invocations: INVOCATIONS,
      declarations: `alias T = ${element};`,
      main: `
${channelIndices(grid)}
var scale = T(0);
var shift = T(0);
var centre = T(0);
if (inside) {
scale = gamma[place] / sqrt(variance[place] + u.epsilon);
shift = beta[place];
centre = mean[place];
}
${forEachRow(
  grid,
  `
let y = (input[i] - centre) * scale + shift${joined ? " + residual[i]" : ""};
output[i] = ${relu ? "select(y, T(0), y < T(0))" : "y"};`,
)}`,
    };
  },
);

interface Normalised {
  readonly input: TensorInfo;
  readonly gamma: TensorInfo;
  readonly beta: TensorInfo;
  readonly mean: TensorInfo;
  readonly variance: TensorInfo;
  readonly residual?: TensorInfo | undefined;
}

function normaliseWith(
  backend: WebgpuTrainingBackend,
  { input, gamma, beta, mean, variance, residual }: Normalised,
  { epsilon, relu }: { readonly epsilon: number; readonly relu: boolean },
): TensorInfo {
  const { rows, channels } = rowsOf(input);
  const grid = channelGrid(channels);
  const { chunks, chunkRows } = chunksOf(grid, rows, WRITING);
  const output = backend.allocate(input.shape);
  backend.run(normalise({ channels, relu, joined: residual !== undefined }), {
    inputs: [input, ...(residual ? [residual] : []), gamma, beta, mean, variance],
    outputs: [output],
    uniforms: { rows, chunkRows, epsilon },
    groups: chunks * grid.blocks,
  });
  return output;
}

/** A tensor as rows of channels. */
export function rowsOf({ shape }: TensorInfo): { rows: number; channels: number } {
  const channels = shape.at(-1)!;
  return { rows: util.sizeFromShape(shape) / channels, channels };
}

export const batchNormInference: WebgpuKernel<typeof batchNormInferenceOp> = (
  inputs,
  options,
  backend,
) => ({ output: normaliseWith(backend, inputs, options) });

export const batchNorm: WebgpuKernel<typeof batchNormOp> = (
  { input, gamma, beta, residual, runningMean, runningVariance },
  { epsilon, relu, momentum },
  backend,
) => {
  const { rows, channels } = rowsOf(input);
  const grid = channelGrid(channels);
  const { chunks, chunkRows } = chunksOf(grid, rows, summing(backend));
  const chunkMoments = backend.allocate([chunks, 2, channels]);
  backend.run(chunkStatistics({ channels }), {
    inputs: [input],
    outputs: [chunkMoments],
    uniforms: { rows, chunkRows },
    groups: chunks * grid.blocks,
  });
  const running = runningMean && runningVariance ? [runningMean, runningVariance] : [];
  const [mean, variance, nextMean, nextVariance] = ["mean", "variance", ...running].map(() =>
    backend.allocate([channels]),
  );
  const statistics = { mean: mean!, variance: variance! };
  const next = [nextMean, nextVariance].filter((tensor) => tensor !== undefined);
  backend.run(batchStatistics({ channels, running: next.length > 0 }), {
    inputs: [chunkMoments, ...running],
    outputs: [statistics.mean, statistics.variance, ...next],
    uniforms: { rows, chunkRows, chunks, momentum },
    groups: grid.blocks,
  });
  release(backend, chunkMoments);
  const inputs = { input, gamma, beta, residual, ...statistics };
  return {
    output: normaliseWith(backend, inputs, { epsilon, relu }),
    ...statistics,
    runningMean: nextMean,
    runningVariance: nextVariance,
  };
};
