import * as tf from "@tensorflow/tfjs-core";
import { afterEach, expect, test, vi } from "vitest";
import { backendName, registerWasmBackend, WasmTrainingBackend } from "../../src/index.ts";

afterEach(() => tf.removeBackend(backendName));

const current = (): WasmTrainingBackend => tf.backend() as WasmTrainingBackend;

test("tf.engine().reset() ends the backend; setBackend starts one with the same options", async () => {
  const first = await registerWasmBackend({ threads: 2, fma: false });
  await tf.setBackend(backendName);
  tf.engine().reset();
  expect(first.usable).toBe(false);
  expect(await tf.setBackend(backendName)).toBe(true);
  expect([current() === first, current().threads, current().fma]).toEqual([false, 2, false]);
  expect([...tf.relu(tf.tensor1d([-1, 2])).dataSync()]).toEqual([0, 2]);
});

test("whoever asks while it starts gets the same one", async () => {
  await registerWasmBackend({ threads: 1 });
  await tf.setBackend(backendName);
  tf.engine().reset();
  const factory = tf.findBackendFactory(backendName);
  const [one, other] = await Promise.all([factory(), factory()]);
  expect(one).toBe(other);
  expect(factory()).toBe(one);
});

test("a start that fails is tried again the next time", async () => {
  await registerWasmBackend({ threads: 1 });
  await tf.setBackend(backendName);
  tf.engine().reset();
  vi.spyOn(console, "warn").mockImplementation(() => {}); // tfjs prints the error
  vi.spyOn(WasmTrainingBackend, "create").mockRejectedValueOnce(new Error("no memory"));
  expect(await tf.setBackend(backendName)).toBe(false);
  expect(await tf.setBackend(backendName)).toBe(true);
  vi.restoreAllMocks();
});

test("after removeBackend there is none until it is registered again", async () => {
  await registerWasmBackend({ threads: 1 });
  await tf.setBackend(backendName);
  tf.removeBackend(backendName);
  await expect(tf.setBackend(backendName)).rejects.toThrow("not found in registry");
  await registerWasmBackend({ threads: 1 });
  expect(await tf.setBackend(backendName)).toBe(true);
  expect([...tf.relu(tf.tensor1d([-1, 2])).dataSync()]).toEqual([0, 2]);
});
