// At the depth of dist/, where worker.js lies beside the bundle.

import { isNode, nodeModule } from "./platform.ts";

/** What a worker thread is told at its start. */
export interface WorkerStart {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** Names of the kernels, in the order of their numbers. */
  readonly kernels: readonly string[];
  /** From 1; 0 is the host. */
  readonly thread: number;
}

/** One thread of Node or of the web. */
export interface WorkerThread {
  terminate(): void;
}

/** Starts a worker thread and waits until it takes jobs. It does not keep the process alive. */
export async function startWorker(
  start: WorkerStart,
  onExit: (thread: number) => void,
): Promise<WorkerThread> {
  return isNode ? startNodeWorker(start, onExit) : startWebWorker(start);
}

async function startNodeWorker(
  start: WorkerStart,
  onExit: (thread: number) => void,
): Promise<WorkerThread> {
  const { Worker: NodeWorker } = nodeModule("node:worker_threads");
  // Without this process's own switches, of which --input-type=module would break the worker.
  const worker = new NodeWorker(new URL("./worker.js", import.meta.url), { execArgv: [] });
  await new Promise((resolve, reject) => {
    worker.once("message", resolve);
    worker.once("error", reject);
    worker.once("exit", () => reject(new Error("the thread ended at its start")));
    worker.postMessage(start);
  });
  worker.on("exit", () => onExit(start.thread));
  worker.unref();
  return { terminate: () => void worker.terminate() };
}

async function startWebWorker(start: WorkerStart): Promise<WorkerThread> {
  const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
  try {
    await new Promise((resolve, reject) => {
      worker.addEventListener("message", resolve);
      worker.addEventListener("error", ({ message }) =>
        reject(new Error(message || "a worker does not start")),
      );
      worker.postMessage(start);
    });
  } catch (error) {
    worker.terminate();
    throw error;
  }
  return worker;
}
