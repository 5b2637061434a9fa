import type { Worker } from "node:worker_threads";
import { vi } from "vitest";

const threads = process.getBuiltinModule("node:worker_threads");

/** The worker threads that get started from now on; those from number `refused` on do not. */
export function spyOnWorkers(refused = Infinity): {
  /** Resolves when no more than `count` of them live. */
  leaveAlive(count: number): Promise<void>;
  started(): number;
} {
  const { Worker: Original } = threads;
  const alive = new Set<Worker>();
  let started = 0;
  vi.spyOn(threads, "Worker").mockImplementation(function record(...args) {
    if (++started > refused) throw new Error("no more threads");
    const worker = new Original(...args);
    alive.add(worker);
    worker.once("exit", () => alive.delete(worker));
    return worker;
  });
  return {
    leaveAlive: (count) => vi.waitFor(() => void assertAtMost(alive.size, count), 10_000),
    started: () => started,
  };
}

function assertAtMost(alive: number, count: number): void {
  if (alive > count) throw new Error(`${alive} threads live, expected ${count}`);
}
