import type { OpKernel } from "@bn-only/frozen-layers";
import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { WebgpuTrainingBackend } from "../backend.ts";

/** A kernel of an op on this backend. */
export type WebgpuKernel<Operation> = OpKernel<Operation, WebgpuTrainingBackend>;

/** Batch, height, width, channels. */
export type Shape4D = readonly [number, number, number, number];

/** The same data once more; nothing is copied. */
export function share(
  backend: WebgpuTrainingBackend,
  { dataId, dtype }: TensorInfo,
  shape: readonly number[],
): TensorInfo {
  backend.incRef(dataId);
  return { dataId, dtype, shape: [...shape] };
}

/** Gives back what a kernel made for itself; commands that are recorded still find it. */
export function release(backend: WebgpuTrainingBackend, ...tensors: readonly TensorInfo[]): void {
  tensors.forEach(({ dataId }) => backend.disposeData(dataId));
}
