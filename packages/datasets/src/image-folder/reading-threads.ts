import type { Worker } from "node:worker_threads";
import { DatasetError, FormatError } from "../errors.ts";
import { startImageWorker } from "../start-image-worker.ts";
import type { Slice } from "./slice.ts";
import type { WorkerAnswer, WorkerStart } from "./worker-protocol.ts";

/** What a thread says when nothing is wrong. */
type SliceAnswer = Exclude<WorkerAnswer, { message: string }>;

/** Threads that work on slices, one each at a time, in the order in which they were handed in. */
export interface ReadingThreads {
  run(slice: Slice): Promise<SliceAnswer>;
  /** Ends all threads; what is unfinished rejects with `reason`. */
  close(reason: unknown): void;
}

interface Job {
  readonly slice: Slice;
  readonly resolve: (answer: SliceAnswer) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Starts threads. They keep the process alive while they work on something, and not otherwise.
 */
export function readingThreads(count: number, start: WorkerStart): ReadingThreads {
  const waiting: Job[] = [];
  const working = new Map<Worker, Job>();
  const idle: Worker[] = [];
  let closed: { reason: unknown } | undefined;

  const next = (): void => {
    while (waiting.length > 0 && idle.length > 0) {
      const worker = idle.pop()!;
      const job = waiting.shift()!;
      working.set(worker, job);
      worker.ref();
      worker.postMessage(job.slice);
    }
  };
  const close = (reason: unknown): void => {
    if (closed !== undefined) return;
    closed = { reason };
    for (const job of [...working.values(), ...waiting.splice(0)]) job.reject(reason);
    for (const worker of [...working.keys(), ...idle]) {
      worker.unref();
      void worker.terminate();
    }
  };
  for (let thread = 0; thread < count; thread++) {
    const worker = startImageWorker(start);
    idle.push(worker);
    worker.on("message", (answer: WorkerAnswer) => {
      const job = working.get(worker);
      if (job === undefined || closed !== undefined) return;
      working.delete(worker);
      worker.unref();
      idle.push(worker);
      if ("message" in answer) job.reject(errorOf(answer));
      else job.resolve(answer);
      next();
    });
    const died = (reason: string): void =>
      close(new DatasetError(`A thread that reads images has ended: ${reason}.`));
    worker.on("error", (error: unknown) =>
      died(error instanceof Error ? error.message : String(error)),
    );
    worker.on("exit", (code) => died(`exit code ${code}`));
  }
  return {
    run: (slice) =>
      new Promise((resolve, reject) => {
        if (closed !== undefined) return reject(closed.reason);
        waiting.push({ slice, resolve, reject });
        next();
      }),
    close,
  };
}

function errorOf({ message, file }: { message: string; file?: string }): Error {
  return file === undefined ? new DatasetError(message) : new FormatError(file, message);
}
