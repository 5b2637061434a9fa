import type { addBiasOp, biasGradientOp } from "@bn-only/frozen-layers";
import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { WebgpuTrainingBackend } from "../backend.ts";
import {
  channelGrid,
  channelIndices,
  chunksOf,
  forEachRow,
  INVOCATIONS,
} from "../shaders/channels.ts";
import { defineColumnSums, sumChunks } from "../shaders/column-sums.ts";
import { defineShader } from "../shaders/shader.ts";
import { rowsOf, summing, WRITING } from "./batch-norm.ts";
import { release, type WebgpuKernel } from "./kernel.ts";

const addBiasShader = defineShader<{ channels: number }>("addBias", ({ channels }) => {
  const grid = channelGrid(channels);
  const { element } = grid;
  return {
    inputs: { input: element, bias: element },
    outputs: { output: element },
    uniforms: { rows: "u32", chunkRows: "u32" },
    invocations: INVOCATIONS,
    declarations: `alias T = ${element};`,
    main: `
${channelIndices(grid)}
var shift = T(0);
if (inside) { shift = bias[place]; }
${forEachRow(grid, "output[i] = input[i] + shift;")}`,
  };
});

export const addBias: WebgpuKernel<typeof addBiasOp> = ({ input, bias }, _none, backend) => {
  const { rows, channels } = rowsOf(input);
  const grid = channelGrid(channels);
  const { chunks, chunkRows } = chunksOf(grid, rows, WRITING);
  const output = backend.allocate(input.shape);
  backend.run(addBiasShader({ channels }), {
    inputs: [input, bias],
    outputs: [output],
    uniforms: { rows, chunkRows },
    groups: chunks * grid.blocks,
  });
  return { output };
};

const rowSums = defineColumnSums<{ channels: number }>("rowSums", () => ({
  inputs: ["input"],
  each: "sum0 += input[i];",
  quantities: 1,
}));

const finishRowSums = defineShader<{ channels: number }>("finishRowSums", ({ channels }) => {
  const { element } = channelGrid(channels);
  const { declarations, code } = sumChunks(channels, 1);
  return {
    inputs: { partial: element },
    outputs: { total: element },
    uniforms: { chunks: "u32" },
    invocations: INVOCATIONS,
    declarations,
    main: `${code}\nif (inside && rowLane == 0u) { total[place] = sum0; }`,
  };
});

/** The sums of a tensor over all but its last dimension. */
export function sumRows(backend: WebgpuTrainingBackend, input: TensorInfo): TensorInfo {
  const { rows, channels } = rowsOf(input);
  const grid = channelGrid(channels);
  const { chunks, chunkRows } = chunksOf(grid, rows, summing(backend));
  const partial = backend.allocate([chunks, channels]);
  backend.run(rowSums({ channels }), {
    inputs: [input],
    outputs: [partial],
    uniforms: { rows, chunkRows },
    groups: chunks * grid.blocks,
  });
  const total = backend.allocate([channels]);
  const command = {
    inputs: [partial],
    outputs: [total],
    uniforms: { chunks },
    groups: grid.blocks,
  };
  backend.run(finishRowSums({ channels }), command);
  release(backend, partial);
  return total;
}

export const biasGradient: WebgpuKernel<typeof biasGradientOp> = (
  { outputGradient },
  _none,
  backend,
) => ({ biasGradient: sumRows(backend, outputGradient) });
