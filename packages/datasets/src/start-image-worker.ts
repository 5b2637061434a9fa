// At the depth of dist/, where image-worker.js lies beside the bundle.

import { Worker } from "node:worker_threads";
import type { WorkerStart } from "./image-folder/worker-protocol.ts";

/** Starts a thread that reads images. It does not keep the process alive. */
export function startImageWorker(start: WorkerStart): Worker {
  // Threads load no TypeScript: on the sources, as tests run them, the built one is used.
  const file = import.meta.url.endsWith(".ts") ? "../dist/image-worker.js" : "./image-worker.js";
  // Without this process's own switches, of which --input-type=module would break the worker.
  const worker = new Worker(new URL(file, import.meta.url), { workerData: start, execArgv: [] });
  worker.unref();
  return worker;
}
