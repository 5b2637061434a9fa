import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { WasmTrainingBackend } from "../backend.ts";
import type { Deferred } from "../deferred.ts";
import { runJob } from "./kernel.ts";
import type { Job, Source } from "./plan.ts";

/** The last pass of a BatchNorm, forward or backward, which a convolution may do while it reads. */
export class DeferredBatchNorm implements Deferred {
  readonly source: Source;
  /** Address of the coefficients, to be filled by whoever makes it. */
  readonly coefficients: number;
  readonly #backend: WasmTrainingBackend;
  readonly #inputs: readonly TensorInfo[];
  readonly #job: (output: number, coefficients: number) => Job;

  /** Keeps `inputs` alive and owns the coefficients, of so many bytes. */
  constructor(
    backend: WasmTrainingBackend,
    inputs: readonly TensorInfo[],
    coefficientBytes: number,
    kind: number,
    job: (output: number, coefficients: number) => Job,
  ) {
    this.#backend = backend;
    this.#job = job;
    // What can throw comes before what has to be given back.
    const [first, second] = inputs.map((tensor) => backend.pointer(tensor));
    this.coefficients = backend.heap.allocate(coefficientBytes);
    this.#inputs = inputs.map((tensor) => backend.keep(tensor));
    // Addresses are unsigned 32-bit numbers, and so is their difference.
    const offset = second === undefined ? 0 : (second - first!) >>> 0;
    this.source = {
      input: first!,
      prologue: {
        prologueKind: kind,
        prologueOffset: offset,
        prologueCoefficients: this.coefficients,
      },
    };
  }

  compute(pointer: number): void {
    runJob(this.#backend, this.#job(pointer, this.coefficients));
  }

  release(): void {
    this.#inputs.forEach((tensor) => this.#backend.release(tensor));
    this.#backend.heap.free(this.coefficients);
  }
}
