import type { OpKernel } from "@bn-only/frozen-layers";
import type { WasmTrainingBackend } from "../backend.ts";
import type { Job } from "./plan.ts";

/** A kernel of an op on this backend. */
export type WasmKernel<Operation> = OpKernel<Operation, WasmTrainingBackend>;

export function runJob(backend: WasmTrainingBackend, job: Job): void {
  backend.runJob(job);
}

/** Lends memory for the duration of `use`. */
export function withMemory(
  backend: WasmTrainingBackend,
  bytes: number,
  use: (pointer: number) => void,
): void {
  freeing(backend, backend.heap.allocate(bytes), use);
}

/** Frees memory after `use`, whether that throws or not. */
export function freeing(
  backend: WasmTrainingBackend,
  pointer: number,
  use: (pointer: number) => void,
): void {
  try {
    use(pointer);
  } finally {
    backend.heap.free(pointer);
  }
}
