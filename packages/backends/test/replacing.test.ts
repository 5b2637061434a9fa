import { WasmTrainingBackend } from "@bn-only/backend-wasm";
import { conv2d, globalAveragePool, Network, sequential } from "@bn-only/frozen-layers";
import { backend, engine, getBackend, memory, tensor } from "@tensorflow/tfjs-core";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { currentBackendName, useBackend } from "../src/index.ts";
import { spyOnWorkers } from "./support/workers.ts";

beforeEach(async () => void (await useBackend("wasm", { threads: 2, fma: false })));
afterEach(() => vi.restoreAllMocks());

const running = (): WasmTrainingBackend => backend() as WasmTrainingBackend;

/** 16 channels, so that on WASM its filters have a prepared form of their own. */
function network(): Network {
  const layer = sequential({
    conv: conv2d({ inputChannels: 3, outputChannels: 16, padding: 1 }),
    winograd: conv2d({ inputChannels: 16, outputChannels: 16, padding: 1 }),
    pool: globalAveragePool(),
  });
  return new Network({ name: "replacing", layer, inputShape: [8, 8, 3], classes: 16 }, { seed: 3 });
}

function logits(of: Network): number[] {
  const values = Float32Array.from({ length: 192 }, (_, i) => ((i * 37) % 101) / 50 - 1);
  const output = of.predict(tensor(values, [1, 8, 8, 3]));
  const read = [...output.dataSync()];
  output.dispose();
  return read;
}

test("other options whose threads do not start leave the backend that ran, and no thread", async () => {
  const before = running();
  const alive = network();
  const first = logits(alive);
  const { numTensors } = memory();
  const workers = spyOnWorkers(2);
  await expect(useBackend("wasm", { threads: 4 })).rejects.toThrow(
    "wasm: threads: a worker thread does not start (Error: no more threads)",
  );
  expect(workers.started()).toBe(3);
  await workers.leaveAlive(0);
  expect([currentBackendName(), running()]).toEqual(["wasm", before]);
  expect([before.usable, before.threads]).toEqual([true, 2]);
  expect(logits(alive)).toEqual(first);
  expect(memory().numTensors).toBe(numTensors);
  alive.dispose();
});

test("another backend that fails the self-test goes, and the one that ran is back", async () => {
  const before = running();
  const alive = network();
  const first = logits(alive);
  const { numTensors } = memory();
  const { runJob } = WasmTrainingBackend.prototype;
  vi.spyOn(WasmTrainingBackend.prototype, "runJob").mockImplementation(function fail(
    this: WasmTrainingBackend,
    job,
  ) {
    if (this !== before) throw new Error("a kernel that fails");
    runJob.call(this, job);
  });
  const workers = spyOnWorkers();
  await expect(useBackend("wasm", { threads: 3 })).rejects.toThrow("wasm: a kernel that fails");
  await workers.leaveAlive(0);
  expect([getBackend(), running()]).toEqual(["bn-wasm", before]);
  expect(logits(alive)).toEqual(first);
  expect(memory().numTensors).toBe(numTensors);
  alive.dispose();
});

test("a failed start leaves another backend selected, and the one of before registered", async () => {
  const before = running();
  await useBackend("cpu");
  spyOnWorkers(0);
  await expect(useBackend("wasm", { threads: 5 })).rejects.toThrow("no more threads");
  expect(currentBackendName()).toBe("cpu");
  await useBackend("wasm");
  expect(running()).toBe(before);
});

test("other options end the threads of before; a live network goes on, to the same bits", async () => {
  const workers = spyOnWorkers();
  await useBackend("wasm", { threads: 4, fma: false });
  const alive = network();
  const first = logits(alive);
  const { numTensors } = memory();
  for (const threads of [1, 3, 2]) {
    await useBackend("wasm", { threads, fma: false });
    await workers.leaveAlive(threads - 1);
    expect(running().threads).toBe(threads);
    expect(logits(alive)).toEqual(first);
    expect(memory().numTensors).toBe(numTensors);
  }
  alive.dispose();
});

test("after tf.engine().reset() other options leave no thread of a backend that nobody sees", async () => {
  const workers = spyOnWorkers();
  await useBackend("wasm", { threads: 4, fma: false });
  engine().reset();
  await useBackend("wasm", { threads: 2, fma: false });
  await workers.leaveAlive(1);
  engine().reset();
  await useBackend("wasm");
  await workers.leaveAlive(1);
  expect([running().threads, running().fma]).toEqual([2, false]);
});

test("a network of before tf.engine().reset() says that its numbers are gone", async () => {
  const lost = network();
  engine().reset();
  await useBackend("wasm");
  const images = tensor(new Float32Array(192), [1, 8, 8, 3]);
  expect(() => lost.predict(images)).toThrow(
    "conv/kernel: its numbers are gone, since tf.engine().reset() removes all tensors. Build the network again",
  );
  lost.dispose();
  expect(memory().numTensors).toBe(0);
  const again = network();
  expect(logits(again)).toHaveLength(16);
  again.dispose();
});
