import type { Worker } from "node:worker_threads";
import { afterEach, describe, expect, test, vi } from "vitest";
import { loadKernels } from "../../src/load-kernels.ts";
import { ThreadError } from "../../src/errors.ts";
import { Heap } from "../../src/memory/heap.ts";
import { nodeModule } from "../../src/platform.ts";
import { ThreadPool } from "../../src/threads/pool.ts";
import { startThread } from "../../src/threads/start-thread.ts";

let pool: ThreadPool;
afterEach(() => {
  pool.dispose();
  vi.restoreAllMocks();
});

async function start(threads: number): Promise<{ heap: Heap }> {
  const shared = threads > 1;
  const { module } = await loadKernels({ fma: false, revec: false, shared });
  const heap = new Heap({ shared });
  pool = await ThreadPool.start(module, heap, threads);
  return { heap };
}

/** The worker threads that get started from now on. */
function spyOnWorkers(): Worker[] {
  const workers: Worker[] = [];
  const threads = nodeModule("node:worker_threads");
  const { Worker } = threads;
  vi.spyOn(threads, "Worker").mockImplementation(function record(...args) {
    const worker = new Worker(...args);
    workers.push(worker);
    return worker;
  });
  return workers;
}

/** Of prepareWinograd, a thread. */
const SCRATCH_BYTES = 162 * 16;

// A filter for `outputs` channels from one, packed in chunks of eight outputs.
const outputs = 8 * 64;

test.each([1, 2, 3, 8])("run: %d threads do every chunk once, again and again", async (threads) => {
  const { heap } = await start(threads);
  const filter = heap.allocate(9 * outputs * 4);
  const packed = heap.allocate(36 * 4 * outputs * 4);
  const pack = (value: number): Float32Array => {
    heap.float32(filter, 9 * outputs).fill(value);
    pool.run("prepareWinograd", outputs / 8, [filter, packed, 1, outputs, 0], SCRATCH_BYTES);
    return heap.float32(packed, 36 * 4 * outputs).slice();
  };
  const once = pack(1);
  expect(once.some((value) => value !== 0)).toBe(true);
  for (let round = 0; round < 500; round++) {
    const scale = 2 ** (round % 8); // exact, so that the results scale exactly too
    const wrong = pack(scale).findIndex((value, i) => value !== once[i]! * scale);
    expect(wrong).toBe(-1);
  }
});

test("run: scratch memory that does not fit is an error and leaves what there was", async () => {
  const { heap } = await start(2);
  const [filter, packed] = [heap.allocate(9 * 8 * 4), heap.allocate(36 * 4 * 8 * 4)];
  const pack = (scratchBytes: number): void =>
    pool.run("prepareWinograd", 1, [filter, packed, 1, 8, 0], scratchBytes);
  pack(SCRATCH_BYTES);
  const { bytesInUse } = heap;
  expect(() => pack(2 ** 31)).toThrow("4096.0 MiB more do not fit");
  expect(heap.bytesInUse).toBe(bytesInUse);
  heap.float32(filter, 9 * 8).fill(1);
  pack(SCRATCH_BYTES);
  expect(heap.float32(packed, 36 * 4 * 8).some((value) => value !== 0)).toBe(true);
});

test.each([1, 4])("run: a kernel that stops on one of %d threads is an error", async (threads) => {
  await start(threads);
  const outside = 2 ** 32 - 65536;
  const run = (): void =>
    pool.run("prepareWinograd", 64, [outside, outside, 1, 8 * 64, 0], SCRATCH_BYTES);
  expect(run).toThrow(ThreadError);
  expect(run).toThrow(/thread \d stopped in prepareWinograd: RuntimeError: memory access out of/);
});

test("run: a worker that stops is an error too, and no endless wait", async () => {
  // Only the last chunk reads outside; whoever takes it is a matter of chance.
  const many = 8 * 2000;
  let message = "";
  for (let attempt = 0; attempt < 50 && !/thread [1-7] stopped/.test(message); attempt++) {
    const { heap } = await start(8);
    const packed = heap.allocate(36 * 4 * many * 4);
    const filter = heap.byteLength - 9 * many * 4 + 4;
    try {
      pool.run("prepareWinograd", many / 8, [filter, packed, 1, many, 0], SCRATCH_BYTES);
    } catch (error) {
      message = String(error);
    }
    pool.dispose();
  }
  expect(message).toMatch(
    /thread [1-7] stopped in prepareWinograd: RuntimeError: memory access out/,
  );
});

describe("run: a job whose other threads do not come to an end", () => {
  /** A scheduler of which `done` says how many of four chunks are done after so many waits of 100 ms. */
  async function startWith(done: (waits: number) => number, jump: number): Promise<void> {
    let [waits, time] = [0, 0];
    let scheduler: Record<string, unknown> = {};
    const { instantiate } = WebAssembly;
    vi.spyOn(WebAssembly, "instantiate").mockImplementation((async (
      module: WebAssembly.Module,
      imports: WebAssembly.Imports,
    ) => {
      scheduler = { ...(await instantiate(module, imports)).exports };
      return { exports: scheduler };
    }) as unknown as typeof instantiate);
    await start(1);
    scheduler["run"] = () => 0;
    scheduler["wait"] = () => {
      time += waits === 2 ? jump : 100;
      return done(++waits);
    };
    vi.spyOn(performance, "now").mockImplementation(() => time);
  }

  test("is given up after 60 seconds", async () => {
    await startWith((waits) => (waits < 5 ? 1 : 2), 100);
    expect(() => pool.run("prepareWinograd", 4, [], 0)).toThrow(
      "threads: no progress in prepareWinograd for 60 seconds.",
    );
    expect(pool.usable).toBe(false);
  });

  test("goes on after the process stood still for an hour", async () => {
    await startWith((waits) => (waits < 590 ? 1 : 4), 3_600_000);
    pool.run("prepareWinograd", 4, [], 0);
    expect(pool.usable).toBe(true);
  });
});

test("run: after a worker has vanished there is an error", async () => {
  const workers = spyOnWorkers();
  await start(2);
  await workers[0]!.terminate();
  expect(() => pool.run("prepareWinograd", 1, [], 0)).toThrow("thread 1 ended unexpectedly");
});

test("start: a worker that does not start is an error that says what to do", async () => {
  vi.spyOn(nodeModule("node:worker_threads"), "Worker").mockImplementation(function refuse() {
    throw new Error("no more threads");
  });
  await expect(start(2)).rejects.toThrow(
    "threads: a worker thread does not start (Error: no more threads). Use one thread: { threads: 1 }.",
  );
});

test("start: a thread that cannot instantiate the kernels says why, by a message", async () => {
  await start(1);
  const { module } = await loadKernels({ fma: false, revec: false, shared: true });
  const said: unknown[] = [];
  const workers = spyOnWorkers();
  const { memory } = new Heap({ shared: true });
  const thread = { module, memory, kernels: ["convolve3d"], thread: 1 };
  const starting = startThread(thread, undefined, () => {});
  workers[0]!.on("message", (message: unknown) => said.push(message));
  await expect(starting).rejects.toThrow("TypeError: WebAssembly.Table.set()");
  expect(said).toMatchObject([{ type: "bn-only-wasm/failed", thread: 1 }]);
});

test("run: an unknown kernel is an error", async () => {
  await start(1);
  expect(() => pool.run("convolve3d", 1, [], 0)).toThrow('run: there is no kernel "convolve3d".');
});
