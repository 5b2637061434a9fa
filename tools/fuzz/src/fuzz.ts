import { Worker } from "node:worker_threads";
import type { Fault } from "./execute.ts";
import { longestInput } from "./mutate.ts";
import type { WorkerMessage, WorkerTask } from "./protocol.ts";
import { faultKinds } from "./target.ts";
import type { FaultKind } from "./target.ts";

/** Milliseconds between two looks at a worker. */
const tick = 250;

/** Seconds of computing without progress after which it hangs, and before its first input: it loads code and makes seeds. */
const [longest, longestStart] = [5, 60];

/** Looks without progress after which it waits for nothing; while this process stands still there are none. */
const patience = 240;

export interface FuzzResult {
  readonly target: string;
  readonly executions: number;
  readonly seconds: number;
  /** Inputs that ran code of their own. */
  readonly corpus: number;
  /** Bytes of source that ran. */
  readonly code: number;
  readonly faults: Readonly<Record<FaultKind, number>>;
}

export interface FuzzOptions {
  readonly target: string;
  readonly seed: number;
  readonly executions: number;
  readonly milliseconds: number;
  /** Called with the first input that shows a fault. */
  readonly found: (fault: Fault, bytes: Uint8Array) => void;
}

/** Fuzzes one target; a worker that dies or hangs is followed by another one. */
export async function fuzz(options: FuzzOptions): Promise<FuzzResult> {
  const started = performance.now();
  const faults = Object.fromEntries(faultKinds.map((kind) => [kind, 0])) as Record<
    FaultKind,
    number
  >;
  const known = new Set<string>();
  const record = (fault: Fault, bytes: Uint8Array): void => {
    faults[fault.kind]++;
    if (known.has(fault.key)) return;
    known.add(fault.key);
    options.found(fault, bytes);
  };
  let [executions, corpus, code] = [0, 0, 0];
  for (let attempt = 0; ; attempt++) {
    const milliseconds = options.milliseconds - (performance.now() - started);
    const left = options.executions - executions;
    if ((milliseconds <= 0 && attempt > 0) || left <= 0) break;
    const progress = new Int32Array(new SharedArrayBuffer(12));
    const input = new Uint8Array(new SharedArrayBuffer(longestInput));
    const end = await runWorker(
      {
        target: options.target,
        seed: options.seed + 7919 * attempt,
        executions: left,
        milliseconds,
        progress,
        input,
      },
      record,
    );
    executions += progress[0]!;
    if ("kind" in end) {
      record(end, Uint8Array.from(input.subarray(0, progress[1])));
      continue;
    }
    corpus = Math.max(corpus, end.corpus);
    code = Math.max(code, end.code);
    break;
  }
  const seconds = (performance.now() - started) / 1000;
  return { target: options.target, executions, seconds, corpus, code, faults };
}

interface Finished {
  readonly corpus: number;
  readonly code: number;
}

/** Until it has finished, died or hung. */
function runWorker(
  task: WorkerTask,
  record: (fault: Fault, bytes: Uint8Array) => void,
): Promise<Finished | Fault> {
  return new Promise((resolve) => {
    const worker = new Worker(new URL("worker.js", import.meta.url), {
      workerData: task,
      resourceLimits: { maxOldGenerationSizeMb: 1024 },
    });
    let [last, idle] = [-1, 0];
    let since = process.cpuUsage();
    const timer = setInterval(() => {
      if (task.progress[2] !== last) {
        [last, idle, since] = [task.progress[2]!, 0, process.cpuUsage()];
        return;
      }
      idle++;
      const { user, system } = process.cpuUsage(since);
      const seconds = (user + system) / 1e6;
      if (seconds > (last > 0 ? longest : longestStart) || idle > patience) {
        const detail = `no end after ${seconds.toFixed(1)} s of computing and ${idle} looks`;
        end({ kind: "hang", detail, key: "hang" });
      }
    }, tick);
    const end = (result: Finished | Fault): void => {
      clearInterval(timer);
      void worker.terminate();
      resolve(result);
    };
    const crashed = (detail: string): void =>
      end({ kind: "crash", detail, key: `crash ${detail.slice(0, 60)}` });
    worker.on("message", (message: WorkerMessage) => {
      if ("fault" in message) record(message.fault, message.bytes);
      else end(message);
    });
    worker.on("error", (error: unknown) =>
      crashed(error instanceof Error ? (error.stack ?? error.message) : String(error)),
    );
    worker.on("exit", (code) => crashed(`the thread ended with code ${code}`));
  });
}
