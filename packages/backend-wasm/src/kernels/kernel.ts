import type { NamedTensorInfoMap, TensorInfo } from "@tensorflow/tfjs-core";
import type { WasmTrainingBackend } from "../backend.ts";
import type { Job } from "./plan.ts";

/** Our version of an op: inputs, attributes and outputs are those of the op's reference. */
export type TrainingKernel<Inputs extends NamedTensorInfoMap, Attributes> = (
  backend: WasmTrainingBackend,
  inputs: Inputs,
  attributes: Attributes,
) => TensorInfo[];

export function runJob(backend: WasmTrainingBackend, job: Job): void {
  backend.run(job.kernel, job.chunks, job.args, job.scratchBytes);
}

/** Lends memory for the duration of `use`. */
export function withMemory(
  backend: WasmTrainingBackend,
  bytes: number,
  use: (pointer: number) => void,
): void {
  const pointer = backend.heap.allocate(bytes);
  try {
    use(pointer);
  } finally {
    backend.heap.free(pointer);
  }
}
