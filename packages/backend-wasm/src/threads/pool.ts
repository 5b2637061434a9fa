import { ThreadError, WasmBackendError } from "../errors.ts";
import type { Heap } from "../memory/heap.ts";
import { mayBlock } from "../platform.ts";
import { startThread, type ThreadStart, type WorkerThread } from "./start-thread.ts";

/** Threads that make no progress while the host waits for so long are given up. */
const STALL_MILLISECONDS = 60_000;
/** More than one wait takes: the process stood still meanwhile, and its threads with it. */
const LONGEST_WAIT_MILLISECONDS = 1000;

/** Numbers that fit where the scheduler looks for them. */
const MOST_ARGUMENTS = 512;

/** The scheduler of assembly/scheduler.ts, and the addresses of its control block. */
interface SchedulerExports {
  readonly table: WebAssembly.Table;
  run(kernel: number, chunks: number, mayBlock: boolean): number;
  wait(chunks: number, mayBlock: boolean): number;
  readonly ARGUMENTS: WebAssembly.Global;
  readonly SCRATCH: WebAssembly.Global;
  readonly SCRATCH_BYTES: WebAssembly.Global;
  readonly CRASHED: WebAssembly.Global;
  readonly CRASH_TEXT: WebAssembly.Global;
  readonly CRASH_TEXT_BYTES: WebAssembly.Global;
}

/** Runs kernels on this thread and on workers beside it. */
export class ThreadPool {
  readonly #heap: Heap;
  readonly #scheduler: SchedulerExports;
  readonly #kernels: ReadonlyMap<string, number>;
  readonly #workers: WorkerThread[] = [];
  readonly #mayBlock = mayBlock();
  #scratch = { pointer: 0, bytes: 0 };
  #view: Float64Array<ArrayBufferLike> = new Float64Array(0);
  #failure = "";

  /**
   * @param threads 1 for this thread alone; more need a shared heap
   * @param script address of a thread's script, if not the one inside this script
   * @throws ThreadError when a thread does not start.
   */
  static async start(
    module: WebAssembly.Module,
    heap: Heap,
    threads: number,
    script?: URL,
  ): Promise<ThreadPool> {
    const instance = await WebAssembly.instantiate(module, {
      env: { memory: heap.memory, abort: () => {} },
    });
    const { exports } = instance;
    const names = Object.keys(exports).filter((name) => typeof exports[name] === "function");
    const table = exports["table"] as WebAssembly.Table;
    const first = table.grow(names.length);
    for (const [i, name] of names.entries()) table.set(first + i, exports[name]);

    const kernels = new Map(names.map((name, i) => [name, first + i]));
    const pool = new ThreadPool(heap, exports as unknown as SchedulerExports, kernels);
    const start = { module, memory: heap.memory, kernels: names };
    await pool.#startWorkers(start, threads - 1, script);
    return pool;
  }

  private constructor(
    heap: Heap,
    scheduler: SchedulerExports,
    kernels: ReadonlyMap<string, number>,
  ) {
    this.#heap = heap;
    this.#scheduler = scheduler;
    this.#kernels = kernels;
  }

  get threads(): number {
    return this.#workers.length + 1;
  }

  get usable(): boolean {
    return this.#failure === "";
  }

  /**
   * Runs a kernel's chunks, numbered from 0, on all threads in no particular order.
   *
   * @param args up to 512 numbers, exact as float64
   * @param scratchBytes memory for each thread's own use
   * @throws ThreadError when a thread stops inside the kernel; the pool is unusable after that.
   */
  run(kernel: string, chunks: number, args: readonly number[], scratchBytes: number): void {
    if (this.#failure) throw this.#error();
    const index = this.#kernels.get(kernel);
    if (index === undefined) throw new WasmBackendError(`run: there is no kernel "${kernel}".`);
    this.#provideScratch(scratchBytes);
    this.#arguments().set(args);
    let done: number;
    try {
      done = this.#scheduler.run(index, chunks, this.#mayBlock);
    } catch (error) {
      this.#failure = `thread 0 stopped in ${kernel}: ${String(error)}`;
      throw this.#error();
    }
    if (done < chunks) this.#waitFor(kernel, chunks, done);
  }

  /** Ends the worker threads. */
  dispose(): void {
    this.#failure = "the backend was disposed";
    for (const worker of this.#workers) worker.terminate();
  }

  async #startWorkers(
    start: Omit<ThreadStart, "thread">,
    count: number,
    script: URL | undefined,
  ): Promise<void> {
    const onExit = (thread: number): void => {
      this.#failure ||= `thread ${thread} ended unexpectedly`;
    };
    const starting = Array.from({ length: count }, async (_, i) => {
      this.#workers.push(await startThread({ ...start, thread: i + 1 }, script, onExit));
    });
    const results = await Promise.allSettled(starting);
    const failed = results.find((result) => result.status === "rejected");
    if (failed === undefined) return;
    this.dispose();
    throw new ThreadError(
      `threads: a worker thread does not start (${String(failed.reason)}). Use one thread: { threads: 1 }.`,
      { cause: failed.reason },
    );
  }

  /** Where a kernel's arguments go. Growth detaches a view of memory that is not shared. */
  #arguments(): Float64Array<ArrayBufferLike> {
    if (this.#view.length === 0) {
      this.#view = this.#heap.float64(this.#scheduler.ARGUMENTS.value, MOST_ARGUMENTS);
    }
    return this.#view;
  }

  /** The scratch memory only grows, so that it is soon left alone. What there is stays until there is more. */
  #provideScratch(bytes: number): void {
    if (bytes <= this.#scratch.bytes) return;
    const rounded = Math.ceil(bytes / 64) * 64;
    const pointer = this.#heap.allocate(rounded * this.threads);
    if (this.#scratch.bytes > 0) this.#heap.free(this.#scratch.pointer);
    this.#scratch = { pointer, bytes: rounded };
    this.#heap.int32(this.#scheduler.SCRATCH.value, 1)[0] = this.#scratch.pointer;
    this.#heap.int32(this.#scheduler.SCRATCH_BYTES.value, 1)[0] = rounded;
  }

  #waitFor(kernel: string, chunks: number, before: number): void {
    let done = before;
    let idle = 0;
    let last = performance.now();
    while (done < chunks) {
      const crashed = this.#heap.int32(this.#scheduler.CRASHED.value, 1)[0]!;
      if (crashed > 0) {
        this.#failure = `thread ${crashed} stopped in ${kernel}: ${this.#crashText()}`;
      } else if (idle > STALL_MILLISECONDS) {
        this.#failure = `no progress in ${kernel} for ${STALL_MILLISECONDS / 1000} seconds`;
      }
      if (this.#failure) throw this.#error();
      const now = this.#scheduler.wait(chunks, this.#mayBlock);
      const time = performance.now();
      idle = now > done ? 0 : idle + Math.min(time - last, LONGEST_WAIT_MILLISECONDS);
      [done, last] = [now, time];
    }
  }

  #crashText(): string {
    const { CRASH_TEXT, CRASH_TEXT_BYTES } = this.#scheduler;
    const bytes = this.#heap.bytes(CRASH_TEXT.value, CRASH_TEXT_BYTES.value).slice();
    return new TextDecoder().decode(bytes.subarray(0, bytes.indexOf(0)));
  }

  #error(): ThreadError {
    return new ThreadError(
      `threads: ${this.#failure}. What was being computed is lost; useBackend("wasm") or replaceWasmBackend() starts another one.`,
    );
  }
}
