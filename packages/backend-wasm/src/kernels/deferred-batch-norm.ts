import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { WasmTrainingBackend } from "../backend.ts";
import type { Deferred } from "../deferred.ts";
import { runJob } from "./kernel.ts";
import type { Job, Source } from "./plan.ts";

/** The last pass of a BatchNorm, with the addresses of its one or two inputs. */
type LastPass = (output: number, coefficients: number, first: number, second?: number) => Job;

/** The last pass of a BatchNorm, forward or backward, which a convolution may do while it reads. */
export class DeferredBatchNorm implements Deferred {
  /** Address of the coefficients, to be filled by whoever makes it. */
  readonly coefficients: number;
  readonly #backend: WasmTrainingBackend;
  readonly #inputs: readonly TensorInfo[];
  readonly #kind: number;
  readonly #job: LastPass;

  /** Keeps `inputs` alive and owns the coefficients, of so many bytes. */
  constructor(
    backend: WasmTrainingBackend,
    inputs: readonly TensorInfo[],
    coefficientBytes: number,
    kind: number,
    job: LastPass,
  ) {
    this.#backend = backend;
    this.#job = job;
    this.#kind = kind;
    // What can throw comes before what has to be given back.
    this.coefficients = backend.heap.allocate(coefficientBytes);
    this.#inputs = inputs.map((tensor) => backend.keep(tensor));
  }

  get source(): Source {
    const [first, second] = this.#pointers();
    return {
      input: first,
      prologue: {
        prologueKind: this.#kind,
        // Addresses are unsigned 32-bit numbers, and so is their difference.
        prologueOffset: second === undefined ? 0 : (second - first) >>> 0,
        prologueCoefficients: this.coefficients,
      },
    };
  }

  compute(pointer: number): void {
    runJob(this.#backend, this.#job(pointer, this.coefficients, ...this.#pointers()));
  }

  release(): void {
    this.#inputs.forEach((tensor) => this.#backend.release(tensor));
    this.#backend.heap.free(this.coefficients);
  }

  #pointers(): [first: number, second?: number] {
    return this.#inputs.map((tensor) => this.#backend.pointer(tensor)) as [number, number?];
  }
}
