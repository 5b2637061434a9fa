import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { WasmTrainingBackend } from "../backend.ts";
import type { Deferred } from "../deferred.ts";
import { runJob } from "./kernel.ts";
import type { Job, Source } from "./plan.ts";

/** The last pass of a BatchNorm, forward or backward, which a convolution may do while it reads. */
export class DeferredBatchNorm implements Deferred {
  readonly source: Source;
  readonly #backend: WasmTrainingBackend;
  readonly #inputs: readonly TensorInfo[];
  readonly #coefficients: number;
  readonly #job: (output: number) => Job;

  /** Keeps `inputs` alive and owns the memory of the coefficients. */
  constructor(
    backend: WasmTrainingBackend,
    inputs: readonly TensorInfo[],
    coefficients: number,
    kind: number,
    job: (output: number) => Job,
  ) {
    this.#backend = backend;
    this.#coefficients = coefficients;
    this.#job = job;
    this.#inputs = inputs.map((tensor) => backend.keep(tensor));
    const [first, second] = inputs.map((tensor) => backend.pointer(tensor));
    // Addresses are unsigned 32-bit numbers, and so is their difference.
    const offset = second === undefined ? 0 : (second - first!) >>> 0;
    this.source = {
      input: first!,
      prologue: {
        prologueKind: kind,
        prologueOffset: offset,
        prologueCoefficients: coefficients,
      },
    };
  }

  compute(pointer: number): void {
    runJob(this.#backend, this.#job(pointer));
  }

  release(): void {
    this.#inputs.forEach((tensor) => this.#backend.release(tensor));
    this.#backend.heap.free(this.#coefficients);
  }
}
