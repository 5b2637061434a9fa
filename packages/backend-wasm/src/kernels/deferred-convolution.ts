import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { WasmTrainingBackend } from "../backend.ts";
import type { Deferred } from "../deferred.ts";
import { runJob } from "./kernel.ts";
import type { ConvolutionJob, Source } from "./plan.ts";
import { sourceOf } from "./prologue.ts";

/**
 * A convolution that waits for the BatchNorm which usually follows: that one wants the statistics of
 * the output, which cost little while the output is still in the cache.
 */
export class DeferredConvolution implements Deferred {
  /** Gives memory for the statistics of so many chunks. Set by whoever wants them. */
  collect?: ((chunks: number) => number) | undefined;
  readonly #backend: WasmTrainingBackend;
  readonly #input: TensorInfo;
  readonly #filter: TensorInfo;
  readonly #job: (source: Source, filter: number, output: number) => ConvolutionJob;

  /** Keeps input and filter alive. */
  constructor(
    backend: WasmTrainingBackend,
    input: TensorInfo,
    filter: TensorInfo,
    job: (source: Source, filter: number, output: number) => ConvolutionJob,
  ) {
    this.#backend = backend;
    this.#input = backend.keep(input);
    this.#filter = backend.keep(filter);
    this.#job = job;
  }

  compute(pointer: number): void {
    const source = sourceOf(this.#backend, this.#input);
    const job = this.#job(source, this.#backend.pointer(this.#filter), pointer);
    const statistics = job.givesStatistics ? (this.collect?.(job.chunks) ?? 0) : 0;
    runJob(this.#backend, { ...job, args: { ...job.args, statistics } });
  }

  release(): void {
    [this.#input, this.#filter].forEach((tensor) => this.#backend.release(tensor));
  }
}
