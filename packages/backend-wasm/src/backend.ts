import { type BackendTimingInfo } from "@tensorflow/tfjs-core";
import { ThreadError } from "./errors.ts";
import {
  type Exactly,
  type KernelArguments,
  type KernelName,
  layOut,
} from "./kernels/arguments.ts";
import type { Job } from "./kernels/plan.ts";
import { type KernelModule, loadKernels } from "./load-kernels.ts";
import { Heap } from "./memory/heap.ts";
import { TensorMemory } from "./memory/tensors.ts";
import { type ResolvedOptions, resolveOptions, type WasmBackendOptions } from "./options.ts";
import { absolute, isNode, whyNotShared } from "./platform.ts";
import { ThreadPool } from "./threads/pool.ts";

/** Hears of a kernel that ran: its name, its arguments by name, the time until all threads were done. */
export type JobObserver = (job: Pick<Job, "kernel" | "args">, milliseconds: number) => void;

/** A tfjs backend whose tensors live in one memory that kernels and threads share. */
export class WasmTrainingBackend extends TensorMemory {
  /** Whether the kernels multiply and add with one rounding. */
  readonly fma: boolean;
  /** Whether they come in pairs of vectors, of which the engine makes one. */
  readonly revec: boolean;
  /** Why there is one thread where more were wanted. */
  readonly oneThreadBecause: string | undefined;
  readonly #pool: ThreadPool;
  #observer: JobObserver | undefined;

  /**
   * Compiles the kernels and starts the threads. Where no memory can be shared there is one thread, and
   * `oneThreadBecause` says why.
   *
   * @throws WasmBackendError for an option out of range; ThreadError when a thread does not start in Node.
   */
  static async create(options: WasmBackendOptions = {}): Promise<WasmTrainingBackend> {
    const resolved = resolveOptions(options);
    if (resolved.threads === 1) return WasmTrainingBackend.#start(resolved, 1);
    const fault = whyNotShared();
    if (fault !== undefined) return WasmTrainingBackend.#start(resolved, 1, fault);
    try {
      return await WasmTrainingBackend.#start(resolved, resolved.threads);
    } catch (error) {
      // A page may have a policy, or its files on another origin.
      if (isNode || !ThreadError.isInstance(error)) throw error;
      return WasmTrainingBackend.#start(resolved, 1, `no worker starts, ${reasonOf(error)}`);
    }
  }

  static async #start(
    { fma, revec, assets }: ResolvedOptions,
    threads: number,
    oneThreadBecause?: string,
  ): Promise<WasmTrainingBackend> {
    const shared = threads > 1;
    const kernels = await loadKernels({ fma, revec, shared, folder: assets.kernels });
    const heap = new Heap({ shared });
    const script = assets.thread === undefined ? undefined : absolute(String(assets.thread));
    const pool = await ThreadPool.start(kernels.module, heap, threads, script);
    return new WasmTrainingBackend(heap, pool, kernels, oneThreadBecause);
  }

  private constructor(
    heap: Heap,
    pool: ThreadPool,
    { fma, revec }: KernelModule,
    oneThreadBecause: string | undefined,
  ) {
    super(heap);
    this.fma = fma;
    this.revec = revec;
    this.oneThreadBecause = oneThreadBecause;
    this.#pool = pool;
  }

  /** Threads that compute, the one that calls included. */
  get threads(): number {
    return this.#pool.threads;
  }

  /** False once it was disposed, or a thread stopped inside a kernel: every kernel throws then. */
  get usable(): boolean {
    return this.#pool.usable;
  }

  /**
   * Runs all chunks of a kernel on all threads and returns when they are done.
   *
   * @param kernel name of an exported function `(args, chunk, scratch)` of assembly/
   * @param chunks depends on the data only, so that any number of threads gives the same bits
   * @param args numbers and addresses, by the kernel's names for them
   * @param scratchBytes memory for each thread's own use
   */
  run<Kernel extends KernelName, Args extends KernelArguments<Kernel>>(
    kernel: Kernel,
    chunks: number,
    args: Exactly<Kernel, Args>,
    scratchBytes = 0,
  ): void {
    this.runJob({ kernel, chunks, args, scratchBytes });
  }

  /** The same for a kernel whose arguments were checked before. */
  runJob({ kernel, chunks, args, scratchBytes = 0 }: Job): void {
    const begin = this.#observer && performance.now();
    this.#pool.run(kernel, chunks, layOut(kernel, args), scratchBytes);
    if (begin !== undefined) this.#observer?.({ kernel, args }, performance.now() - begin);
  }

  /** Tells `observer` of every job, until the function that it returns is called; one observer at a time. */
  observeJobs(observer: JobObserver): () => void {
    this.#observer = observer;
    return () => (this.#observer = undefined);
  }

  /**
   * For `tf.memory()`: bytes in tensors and scratch memory now, the most there have ever been, the
   * size of the memory that was taken from the machine, which never shrinks, and the most it can have.
   */
  override memory(): {
    unreliable: boolean;
    numBytesInUse: number;
    peakBytes: number;
    heapBytes: number;
    limitBytes: number;
  } {
    return {
      unreliable: false,
      numBytesInUse: this.heap.bytesInUse,
      peakBytes: this.heap.peakBytes,
      heapBytes: this.heap.byteLength,
      limitBytes: this.heap.limitBytes,
    };
  }

  override timerAvailable(): boolean {
    return true;
  }

  override async time(run: () => void): Promise<BackendTimingInfo> {
    const begin = performance.now();
    run();
    return { kernelMs: performance.now() - begin };
  }

  override floatPrecision(): 32 {
    return 32;
  }

  override epsilon(): number {
    return 1e-7;
  }

  /** Ends the worker threads. */
  override dispose(): void {
    this.#pool.dispose();
  }
}

/** What the browser said. */
function reasonOf({ cause }: ThreadError): string {
  return cause instanceof Error ? cause.message.replace(/\.$/, "") : String(cause);
}
