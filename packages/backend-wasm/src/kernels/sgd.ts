import type { sgdOp } from "@bn-only/frozen-layers";
import { util } from "@tensorflow/tfjs-core";
import type { WasmKernel } from "./kernel.ts";
import { itemsPerChunk } from "./plan.ts";

// Host side of assembly/elementwise.ts.

/** Below this a second thread costs more than it saves. */
const CHUNK = 1 << 14;

export const sgd: WasmKernel<typeof sgdOp> = (
  { parameters, velocity, gradient },
  { learningRate, momentum, weightDecay, nesterov },
  backend,
) => {
  const size = util.sizeFromShape(parameters.shape);
  const chunk = itemsPerChunk(size, CHUNK);
  const next = [backend.allocate(parameters.shape), backend.allocate(velocity.shape)];
  backend.run("sgd", Math.ceil(size / chunk), [
    ...[parameters, velocity, gradient].map((tensor) => backend.pointer(tensor)),
    ...next.map(({ pointer }) => pointer),
    ...[size, chunk, learningRate, momentum, weightDecay, nesterov ? 1 : 0],
  ]);
  return { parameters: next[0]!.info, velocity: next[1]!.info };
};
