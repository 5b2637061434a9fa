import type { biasGradientOp, multiplyChannelsGradientOp } from "@bn-only/frozen-layers";
import { type TensorInfo, util } from "@tensorflow/tfjs-core";
import type { WasmTrainingBackend } from "../backend.ts";
import { runJob, type WasmKernel, withMemory } from "./kernel.ts";
import { itemsPerChunk, job, roundUp } from "./plan.ts";

// Host side of assembly/channels.ts.

/** Below this a second thread costs more than it saves. */
const CHUNK = 1 << 14;

/** The sums over all rows of a tensor that is read as rows of `width` numbers. */
export function sumRows(
  backend: WasmTrainingBackend,
  input: TensorInfo,
  width: number,
  shape: readonly number[],
): TensorInfo {
  const rows = util.sizeFromShape(input.shape) / width;
  const pointer = backend.pointer(input);
  const output = backend.allocate(shape);
  const chunkRows = itemsPerChunk(rows, Math.max(32, Math.floor(CHUNK / width)));
  const chunks = Math.ceil(rows / chunkRows);
  withMemory(backend, chunks * 8 * roundUp(width, 4), (slots) => {
    const args = { input: pointer, slots, width, rows, chunkRows };
    runJob(backend, job("sumRowsOfTensor", chunks, args));
    const result = { slots, output: output.pointer, width, slotCount: chunks };
    runJob(backend, job("finishRowSums", 1, result));
  });
  return output.info;
}

export const biasGradient: WasmKernel<typeof biasGradientOp> = (
  { outputGradient },
  _none,
  backend,
) => {
  const channels = outputGradient.shape.at(-1)!;
  return { biasGradient: sumRows(backend, outputGradient, channels, [channels]) };
};

export const multiplyChannelsGradient: WasmKernel<typeof multiplyChannelsGradientOp> = (
  { input, gate, outputGradient },
  _none,
  backend,
) => {
  const [batch, height, width, channels] = input.shape as [number, number, number, number];
  const pointers = {
    input: backend.pointer(input),
    gate: backend.pointer(gate),
    outputGradient: backend.pointer(outputGradient),
  };
  const inputGradient = backend.allocate(input.shape);
  const gateGradient = backend.allocate(gate.shape);
  const args = {
    ...pointers,
    inputGradient: inputGradient.pointer,
    gateGradient: gateGradient.pointer,
    pixels: height * width,
    channels,
  };
  runJob(backend, job("multiplyChannelsGradient", batch, args));
  return { inputGradient: inputGradient.info, gateGradient: gateGradient.info };
};
