import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { WasmTrainingBackend } from "../backend.ts";
import type { Deferred } from "../deferred.ts";
import { runJob } from "./kernel.ts";
import { type ConvolutionPointers, type Epilogue, type Job, NO_EPILOGUE } from "./plan.ts";
import { sourceOf } from "./prologue.ts";

/** What a convolution collected on its way: a slot for each of its chunks. */
export interface Collected {
  readonly slots: number;
  readonly slotCount: number;
}

/**
 * A convolution, forward or of the input gradient, that waits for the BatchNorm which usually follows:
 * that one wants sums over the output, which cost little while the output is still in the cache.
 */
export class DeferredConvolution implements Deferred {
  readonly #backend: WasmTrainingBackend;
  readonly #input: TensorInfo;
  readonly #filter: TensorInfo;
  readonly #job: (pointers: ConvolutionPointers) => Job;
  #epilogue: (chunks: number) => Epilogue = () => NO_EPILOGUE;

  /** Keeps input and filter alive. */
  constructor(
    backend: WasmTrainingBackend,
    input: TensorInfo,
    filter: TensorInfo,
    job: (pointers: ConvolutionPointers) => Job,
  ) {
    this.#backend = backend;
    // A chain of them would hold all that they read.
    if (backend.deferred(input) instanceof DeferredConvolution) backend.pointer(input);
    this.#input = backend.keep(input);
    this.#filter = backend.keep(filter);
    this.#job = job;
  }

  compute(pointer: number): void {
    const { input, prologue } = sourceOf(this.#backend, this.#input);
    const filter = this.#backend.pointer(this.#filter);
    const pointers = { input, prologue, filter, output: pointer, epilogue: this.#epilogue };
    runJob(this.#backend, this.#job(pointers));
  }

  /**
   * Has `compute` make the convolution run with an epilogue, whose slots become the caller's.
   *
   * @returns undefined where this convolution cannot have one, and just ran.
   */
  collect(
    slotBytes: number,
    epilogue: Omit<Epilogue, "epilogueSlots">,
    compute: () => unknown,
  ): Collected | undefined {
    let collected: Collected | undefined;
    this.#epilogue = (slotCount) => {
      const slots = this.#backend.heap.allocate(slotCount * slotBytes);
      collected = { slots, slotCount };
      return { ...epilogue, epilogueSlots: slots };
    };
    try {
      compute();
    } catch (error) {
      if (collected) this.#backend.heap.free(collected.slots);
      throw error;
    } finally {
      this.#epilogue = () => NO_EPILOGUE;
    }
    return collected;
  }

  release(): void {
    [this.#input, this.#filter].forEach((tensor) => this.#backend.release(tensor));
  }
}
