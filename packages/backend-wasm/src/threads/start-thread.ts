import { threadScript } from "../generated/thread.ts";
import { isNode, nodeModule } from "../platform.ts";

/** What a thread is told at its start. */
export interface ThreadStart {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** Names of the kernels, in the order of their numbers. */
  readonly kernels: readonly string[];
  /** From 1; 0 is the host. */
  readonly thread: number;
}

/** What host and thread tell each other. */
type StartMessage = ThreadStart & { readonly type: "bn-only-wasm/start" };
type Answer = { readonly thread: number } & (
  | { readonly type: "bn-only-wasm/ready" }
  | { readonly type: "bn-only-wasm/failed"; readonly reason: string }
);

/** One thread of Node or of the web. */
export interface WorkerThread {
  terminate(): void;
}

/**
 * What lies at an address may be another script, which never answers, and in a browser nobody hears of what fails inside
 * a worker. In Node, our own script answers or ends, however long a busy machine takes.
 */
const ANSWER_MILLISECONDS = 10_000;

/**
 * Starts a thread and waits until it takes jobs. It does not keep the process alive.
 *
 * @param script address of `bn-only-wasm-thread.js`; without one it is started from its text
 */
export async function startThread(
  start: ThreadStart,
  script: URL | undefined,
  onExit: (thread: number) => void,
): Promise<WorkerThread> {
  return isNode ? startInNode(start, script, onExit) : startOnTheWeb(start, script);
}

async function startInNode(
  start: ThreadStart,
  script: URL | undefined,
  onExit: (thread: number) => void,
): Promise<WorkerThread> {
  const { Worker: NodeWorker } = nodeModule("node:worker_threads");
  // Without this process's own switches, of which --input-type=module would break the thread.
  const worker = script
    ? new NodeWorker(script, { execArgv: [] })
    : new NodeWorker(threadScript, { eval: true, execArgv: [] });
  try {
    await answer(start.thread, script && ANSWER_MILLISECONDS, (resolve, reject) => {
      worker.on("message", resolve);
      worker.once("error", reject);
      worker.once("exit", () => reject(new Error("the thread ended at its start")));
      worker.postMessage(asMessage(start));
    });
  } catch (error) {
    void worker.terminate();
    throw error;
  }
  worker.on("exit", () => onExit(start.thread));
  worker.unref();
  return { terminate: () => void worker.terminate() };
}

async function startOnTheWeb(start: ThreadStart, script: URL | undefined): Promise<WorkerThread> {
  const text = script ? undefined : URL.createObjectURL(new Blob([threadScript], javaScript));
  let worker: Worker | undefined;
  try {
    // A SecurityError where the script is of another origin, or the page's policy forbids it.
    const started = new Worker(script ?? text!);
    worker = started;
    await answer(start.thread, ANSWER_MILLISECONDS, (resolve, reject) => {
      started.addEventListener("message", ({ data }) => resolve(data));
      started.addEventListener("error", ({ message }) =>
        reject(new Error(message || `the browser does not run ${script ?? "its script"}`)),
      );
      started.postMessage(asMessage(start));
    });
    return started;
  } catch (error) {
    worker?.terminate();
    throw error;
  } finally {
    if (text) URL.revokeObjectURL(text);
  }
}

const javaScript = { type: "text/javascript" };

function asMessage(start: ThreadStart): StartMessage {
  return { type: "bn-only-wasm/start", ...start };
}

/** Waits for this thread's own word; any other message is somebody else's. */
async function answer(
  thread: number,
  patience: number | undefined,
  listen: (resolve: (message: unknown) => void, reject: (error: Error) => void) => void,
): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      if (patience !== undefined) {
        const silence = `no answer in ${patience / 1000} s; is it another script?`;
        timer = setTimeout(() => reject(new Error(silence)), patience);
      }
      listen((message) => {
        if (!isAnswer(message) || message.thread !== thread) return;
        if (message.type === "bn-only-wasm/ready") resolve();
        else reject(new Error(message.reason));
      }, reject);
    });
  } finally {
    clearTimeout(timer);
  }
}

function isAnswer(message: unknown): message is Answer {
  const { type } = Object(message) as Partial<Answer>;
  return type === "bn-only-wasm/ready" || type === "bn-only-wasm/failed";
}
