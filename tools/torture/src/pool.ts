import { type ChildProcess, fork } from "node:child_process";
import type { Outcome, Task } from "./protocol.ts";

/** Milliseconds after which a command hangs. */
const PATIENCE = 180_000;

/** A command line leaves its network to the end of the process. */
const TASKS_OF_A_PROCESS = 50;

/** Processes that run command lines; those that die are followed by others. */
export class Pool {
  readonly #main: string;
  readonly #idle: Worker[] = [];
  readonly #all = new Set<Worker>();
  #closed = false;

  /** @param main the built command's module */
  constructor(main: string) {
    this.#main = main;
  }

  /** Runs a command in a process that has run others. */
  async run(task: Task): Promise<Outcome> {
    const worker = this.#idle.pop() ?? this.#start();
    const outcome = await this.#outcome(worker, task);
    if (outcome.code !== undefined && worker.tasks < TASKS_OF_A_PROCESS) this.#idle.push(worker);
    else await this.#end(worker);
    return outcome;
  }

  /** Runs a command in a process of its own that has ended when this returns. */
  async runAlone(task: Task): Promise<Outcome> {
    const worker = this.#start();
    const outcome = await this.#outcome(worker, task);
    await this.#end(worker);
    return outcome;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#all].map((worker) => worker.end()));
  }

  /** Of a pool that was closed meanwhile there is none. */
  async #outcome(worker: Worker, task: Task): Promise<Outcome> {
    const outcome = await worker.run(task);
    return this.#closed ? new Promise<Outcome>(() => {}) : outcome;
  }

  async #end(worker: Worker): Promise<void> {
    this.#all.delete(worker);
    await worker.end();
  }

  #start(): Worker {
    const worker = new Worker(this.#main);
    this.#all.add(worker);
    return worker;
  }
}

class Worker {
  /** That it has run. */
  tasks = 0;
  readonly #child: ChildProcess;
  readonly #ready: Promise<void>;
  readonly #exit: Promise<void>;

  constructor(main: string) {
    const env = { ...process.env, NO_COLOR: "1" };
    const child = fork(new URL("worker.js", import.meta.url), [main], { env });
    this.#child = child;
    // Of a message to a process that has ended: `run` sees the end.
    child.on("error", () => {});
    this.#ready = new Promise((resolve) => {
      child.once("message", () => resolve());
    });
    this.#exit = new Promise((resolve) => {
      child.once("exit", () => resolve());
    });
  }

  async run(task: Task): Promise<Outcome> {
    this.tasks += 1;
    const died = this.#exit.then((): Outcome => killed);
    await Promise.race([this.#ready, died]);
    const child = this.#child;
    const outcome = new Promise<Outcome>((resolve) => {
      child.once("message", (message) => resolve(message as Outcome));
    });
    child.send(task);
    const timer = setTimeout(() => child.kill("SIGKILL"), PATIENCE);
    const first = await Promise.race([outcome, died]);
    clearTimeout(timer);
    child.removeAllListeners("message");
    return first;
  }

  async end(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#exit;
  }
}

const killed: Outcome = { code: undefined, out: "", err: "", operations: [], struck: true };
