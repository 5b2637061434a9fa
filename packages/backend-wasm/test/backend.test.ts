import * as tf from "@tensorflow/tfjs-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { backendName, registerWasmBackend, type WasmTrainingBackend } from "../src/index.ts";

tf.env().set("PROD", true); // no advertisement for tfjs-node from the cpu backend

let wasm: WasmTrainingBackend;
let before: { tensors: number; bytes: number };

beforeAll(async () => {
  wasm = await registerWasmBackend({ threads: 2 });
  await tf.setBackend(backendName);
});
beforeEach(() => {
  before = { tensors: tf.memory().numTensors, bytes: wasm.heap.bytesInUse };
});
afterEach(() => {
  expect({ tensors: tf.memory().numTensors, bytes: wasm.heap.bytesInUse }).toEqual(before);
});
afterAll(() => tf.removeBackend(backendName));

test("write and read: numbers, integers, booleans and strings come back as they were", async () => {
  const values = [
    [tf.tensor([1.5, -2, 3], [3]), Float32Array.of(1.5, -2, 3)],
    [tf.tensor([1, -2, 3], [3], "int32"), Int32Array.of(1, -2, 3)],
    [tf.tensor([true, false], [2], "bool"), Uint8Array.of(1, 0)],
    [tf.tensor(["a", "bé"], [2], "string"), ["a", "bé"]],
    [tf.tensor([], [0, 3]), new Float32Array()],
  ] as const;
  for (const [tensor, expected] of values) {
    expect(await tensor.data()).toEqual(expected);
    expect(tensor.dataSync()).toEqual(expected);
    tensor.dispose();
  }
});

test("write: the array that a tensor was made from may change afterwards", () => {
  const values = Float32Array.of(1, 2);
  const tensor = tf.tensor(values);
  values[0] = 9;
  expect([...tensor.dataSync()]).toEqual([1, 2]);
  tensor.dispose();
});

test("read: what was read is a copy that outlives the tensor", () => {
  const tensor = tf.tensor([1, 2]);
  const values = tensor.dataSync();
  expect(values.buffer).toBeInstanceOf(ArrayBuffer);
  tensor.dispose();
  tf.tensor([8, 9]).dispose();
  expect([...values]).toEqual([1, 2]);
});

test("clone and reshape: share the values, which are freed with the last of them", () => {
  const original = tf.tensor([1, 2, 3, 4]);
  const bytes = wasm.heap.bytesInUse;
  const shared = [original.clone(), tf.reshape(original, [2, -1]), tf.expandDims(original, 0)];
  expect(wasm.heap.bytesInUse).toBe(bytes);
  expect(shared.map(({ shape }) => shape)).toEqual([[4], [2, 2], [1, 4]]);
  original.dispose();
  for (const tensor of shared) {
    expect([...tensor.dataSync()]).toEqual([1, 2, 3, 4]);
    tensor.dispose();
  }
});

test("tensors move here from another backend and back", async () => {
  await tf.setBackend("cpu");
  const elsewhere = tf.tensor([1, 2]);
  await tf.setBackend(backendName);
  const here = tf.add(elsewhere, 1);
  expect([...here.dataSync()]).toEqual([2, 3]);
  await tf.setBackend("cpu");
  const back = tf.add(here, 1);
  expect([...back.dataSync()]).toEqual([3, 4]);
  await tf.setBackend(backendName);
  tf.dispose([elsewhere, here, back]);
});

test("memory: tells bytes in use, the peak and the size of the memory", () => {
  const tensor = tf.zeros([1000]);
  const { numBytesInUse, peakBytes, heapBytes, unreliable } = wasm.memory();
  expect(numBytesInUse).toBe(before.bytes + 4032);
  expect(peakBytes).toBeGreaterThanOrEqual(numBytesInUse);
  expect(heapBytes).toBeGreaterThanOrEqual(peakBytes);
  expect(unreliable).toBe(false);
  tensor.dispose();
});

test("time: measures", async () => {
  const { kernelMs, wallMs } = await tf.time(() => tf.dispose(tf.zeros([10])));
  expect(kernelMs).toBeGreaterThanOrEqual(0);
  expect(wallMs).toBeGreaterThanOrEqual(kernelMs as number);
});

test("complex numbers: an error names the backend to use", () => {
  expect(() => tf.complex([1], [2])).toThrow(/"Complex" is not supported.*have it: cpu/);
});

test("a kernel that is not offered: an error names it and who has it", () => {
  const values = tf.tensor([1, 2], [2]);
  expect(() => tf.imag(values)).toThrow(
    'bn-wasm: the kernel "Imag" is not supported. Registered backends that have it: cpu.',
  );
  values.dispose();
});
