import { type NamedTensorInfoMap, type TensorInfo, util } from "@tensorflow/tfjs-core";
import type { TrainingKernel } from "./kernel.ts";
import { itemsPerChunk } from "./plan.ts";

// Host side of assembly/elementwise.ts.

interface SgdInputs extends NamedTensorInfoMap {
  parameters: TensorInfo;
  velocity: TensorInfo;
  gradient: TensorInfo;
}

interface SgdOptions {
  readonly learningRate: number;
  readonly momentum: number;
  readonly weightDecay: number;
}

/** Below this a second thread costs more than it saves. */
const CHUNK = 1 << 14;

export const sgd: TrainingKernel<SgdInputs, SgdOptions> = (
  backend,
  { parameters, velocity, gradient },
  { learningRate, momentum, weightDecay },
) => {
  const size = util.sizeFromShape(parameters.shape);
  const chunk = itemsPerChunk(size, CHUNK);
  const next = [backend.allocate(parameters.shape), backend.allocate(velocity.shape)];
  backend.run("sgd", Math.ceil(size / chunk), [
    ...[parameters, velocity, gradient].map((tensor) => backend.pointer(tensor)),
    ...next.map(({ pointer }) => pointer),
    ...[size, chunk, learningRate, momentum, weightDecay],
  ]);
  return next.map(({ info }) => info);
};
