import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as wait } from "node:timers/promises";
import type { EpochEvent } from "@bn-only/trainer";
import { MOST_THREADS } from "../commands/shared/backend-options.ts";
import type { Io } from "../io.ts";
import { IN_USE, isLocked } from "../run/lock.ts";
import { type RunConfiguration, trainArguments } from "./configuration.ts";
import { isFinished } from "./run-store.ts";

/** A run that has to be trained, or gone on with. */
export interface Job {
  readonly configuration: RunConfiguration;
  readonly folder: string;
}

export interface JobContext {
  /** Runs at a time; they share the cores. */
  readonly jobs: number;
  readonly io: Io;
  readonly onEpoch: (job: Job, event: EpochEvent) => void;
  /** Told once while another process has the run's folder. */
  readonly onWait: (job: Job) => void;
  /** `problem` is why it did not finish. */
  readonly onEnd: (job: Job, problem: string | undefined) => void;
}

const bin = join(
  dirname(createRequire(import.meta.url).resolve("@bn-only/cli/package.json")),
  "bin/bn-only.js",
);

/**
 * Trains runs, each in a process of its own. One that fails keeps no other from its turn; after Ctrl-C all of them stop
 * with a checkpoint, from which the next call goes on.
 */
export async function runJobs(queue: readonly Job[], context: JobContext): Promise<void> {
  const waiting = [...queue];
  const worker = async (): Promise<void> => {
    for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) {
      const problem = await finish(job, context);
      if (context.io.signal.aborted) return;
      context.onEnd(job, problem);
    }
  };
  const workers = Math.min(context.jobs, queue.length);
  await Promise.all(Array.from({ length: workers }, worker));
  context.io.signal.throwIfAborted();
}

/** Undefined once the run has finished, here or in another process, otherwise why it has not. */
async function finish(job: Job, context: JobContext): Promise<string | undefined> {
  const isDone = (): boolean => isFinished(job.folder, job.configuration);
  for (;;) {
    await untilFree(job, context);
    if (context.io.signal.aborted || isDone()) return undefined;
    const problem = await runJob(job, context);
    if (problem === undefined || isDone()) return undefined;
    // Another process, which was still starting, had the folder first.
    if (context.io.signal.aborted || !problem.includes(IN_USE)) return problem;
  }
}

/**
 * Until no other process works in the folder: another command makes the same run, or the process whose parent was
 * killed has not come to its next step.
 */
async function untilFree(job: Job, { io, onWait }: JobContext): Promise<void> {
  const begin = performance.now();
  let told = false;
  while (existsSync(job.folder) && isLocked(job.folder) && !io.signal.aborted) {
    if (!told && performance.now() - begin > PATIENCE) {
      told = true;
      onWait(job);
    }
    await wait(100);
  }
}

/** Milliseconds that it waits without a word. */
const PATIENCE = 3000;

/** The cores' share of each of so many jobs. */
export function threadsEach(jobs: number, cores = availableParallelism()): number {
  return Math.min(MOST_THREADS, Math.max(1, Math.floor(cores / jobs)));
}

/** Undefined after a process that trained the run to its end, otherwise what it said. */
function runJob(job: Job, { jobs, io, onEpoch }: JobContext): Promise<string | undefined> {
  const args = trainArguments(job.configuration).concat(
    ["--out", job.folder, "--threads", String(threadsEach(jobs)), "--checkpoint-every", "1min"],
    ["--no-report", "--json"],
  );
  return new Promise((resolve) => {
    const fail = ({ message }: Error): void => resolve(`its process does not start (${message})`);
    let child: ReturnType<typeof start>;
    try {
      child = start(args, io);
    } catch (error) {
      return fail(error as Error);
    }
    child.once("error", fail);
    // Where there are no more files to open, it has none.
    if (!child.stdout || !child.stderr) return undefined;
    const stop = (): void => void child.kill("SIGINT");
    io.signal.addEventListener("abort", stop);
    let problem = "";
    createInterface({ input: child.stdout }).on("line", (line) => {
      const event = parse(line);
      if (event?.event === "epoch") onEpoch(job, event as EpochEvent);
    });
    child.stderr.on(
      "data",
      (data: Buffer) => (problem = `${problem}${data.toString()}`.slice(-2000)),
    );
    child.once("close", (code, signal) => {
      io.signal.removeEventListener("abort", stop);
      // 3: the model is there, and what else is missing shows when it is read.
      if (code === 0 || code === 3) return resolve(undefined);
      resolve(lastError(problem) ?? `its process ended with ${signal ?? `exit code ${code}`}`);
    });
  });
}

function start(args: readonly string[], io: Io) {
  return spawn(process.execPath, [bin, ...args], {
    // It writes a line a step: without a reader, if this process is killed, it ends with the next one.
    stdio: ["ignore", "pipe", "pipe"],
    // The terminal's Ctrl-C would reach it a second time, and the second does not wait for a checkpoint.
    detached: true,
    env: { ...process.env, ...io.env },
  });
}

function parse(line: string): { event?: unknown } | undefined {
  try {
    return JSON.parse(line) as { event?: unknown };
  } catch {
    return undefined;
  }
}

function lastError(text: string): string | undefined {
  return text
    .split("\n")
    .findLast((line) => line.startsWith("error: "))
    ?.slice("error: ".length);
}
