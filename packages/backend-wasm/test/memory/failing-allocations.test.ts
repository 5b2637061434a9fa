import { conformanceCases, labelOf } from "@bn-only/frozen-layers/conformance";
import { failEveryAllocation } from "@bn-only/testing/failing-allocations";
import * as tf from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { backendName, registerWasmBackend, type WasmTrainingBackend } from "../../src/index.ts";

// A kernel that does not get its memory leaves nothing behind and asks for the same inputs again.

tf.env().set("PROD", true); // no advertisement for tfjs-node from the cpu backend

let wasm: WasmTrainingBackend;

beforeAll(async () => {
  wasm = await registerWasmBackend({ threads: 1 });
  await tf.setBackend(backendName);
});
afterAll(() => tf.removeBackend(backendName));

const counts = (): object => {
  const { numTensors, numDataBuffers } = tf.memory();
  return { numTensors, numDataBuffers, bytes: wasm.heap.bytesInUse, ids: wasm.numDataIds() };
};

/** Fails every allocation of `attempt`, which must leave nothing when it succeeds either. */
async function failAll(attempt: () => unknown): Promise<number> {
  await attempt(); // scratch memory grows once
  const before = counts();
  const scoped = async (): Promise<void> => {
    tf.engine().startScope();
    try {
      await attempt();
    } finally {
      tf.engine().endScope();
    }
  };
  const allocations = await failEveryAllocation(wasm.heap, scoped, (error, nth) => {
    expect(String(error)).toContain("do not fit");
    expect(counts(), `allocation ${nth}`).toEqual(before);
  });
  expect(counts()).toEqual(before);
  return allocations;
}

describe("ops: every allocation fails in turn", () => {
  test.each(conformanceCases().map((item) => [labelOf(item.op), item.name, item] as const))(
    "%s: %s",
    async (_op, _name, { run }) => {
      expect(await failAll(run)).toBeGreaterThan(0);
    },
  );
});

const image = (): tf.Tensor4D => tf.ones([2, 6, 6, 4]);

const standard: Readonly<Record<string, () => tf.Tensor | tf.Tensor[]>> = {
  "add, deferred": () => tf.relu(tf.add(image(), image())),
  "addN of deferred sums": () => tf.addN([tf.add(image(), 1), tf.add(image(), image()), image()]),
  split: () => tf.split(image(), 4, 3),
  "concat of deferred sums": () => tf.concat([tf.add(image(), image()), image()], 3),
  cast: () => tf.cast(tf.add(image(), image()), "int32"),
  "topk, two outputs through the CPU": () => Object.values(tf.topk(image(), 2)),
  unique: () => Object.values(tf.unique(tf.tensor([1, 2, 1]))),
  depthwise: () => tf.depthwiseConv2d(image(), tf.ones([3, 3, 4, 2]), 1, "same"),
  "clone and reshape": () => tf.reshape(tf.clone(tf.add(image(), image())), [-1]),
  "softmax of a slice": () => tf.softmax(tf.slice(image(), 0, 1)),
  "sum over the images": () => tf.sum(tf.add(image(), image()), [0, 1, 2]),
};

test.each(Object.entries(standard))(
  "tfjs, every allocation fails in turn: %s",
  async (_name, run) => {
    const allocations = await failAll(() => {
      tf.tidy(() => void [run()].flat().map((tensor) => tensor.dataSync()));
    });
    expect(allocations).toBeGreaterThan(0);
  },
);

test("a tensor of another backend that does not fit waits outside and is not lost", async () => {
  await tf.setBackend("cpu");
  const elsewhere = tf.tensor([1, 2, 3]);
  await tf.setBackend(backendName);
  const before = counts();
  const { allocate } = wasm.heap;
  wasm.heap.allocate = (_bytes, shape) => allocate.call(wasm.heap, 2 ** 40, shape);
  expect(() => tf.relu(elsewhere)).toThrow("do not fit");
  expect(() => tf.relu(elsewhere)).toThrow("do not fit");
  wasm.heap.allocate = allocate;
  expect({ ...counts(), ids: 0 }).toEqual({ ...before, ids: 0 });
  expect([...elsewhere.dataSync()]).toEqual([1, 2, 3]);
  elsewhere.dispose();
});

test("a kernel that fails for another reason gives back what it had made", () => {
  const labels = tf.tensor([0, 1], [2], "int32");
  const before = counts();
  // Made by the first half of a kernel whose second half throws.
  expect(() =>
    wasm.runKernel(() => {
      const { info } = wasm.allocate([1000]);
      wasm.share(labels, [2, 1]);
      wasm.runKernel(() => wasm.allocate([10]), undefined);
      wasm.view(info).fill(1);
      throw new Error("broken on purpose");
    }, undefined),
  ).toThrow("broken on purpose");
  expect(counts()).toEqual(before);
  expect([...labels.dataSync()]).toEqual([0, 1]);
  labels.dispose();
});
