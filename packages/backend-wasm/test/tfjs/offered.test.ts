import * as tf from "@tensorflow/tfjs-core";
import { fill } from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { backendName, registerWasmBackend } from "../../src/index.ts";

// Through tfjs-backend-cpu's code; all of it is covered by tfjs-core's own tests (tools/tfjs-suite).

beforeAll(async () => {
  await registerWasmBackend({ threads: 1 });
  await tf.setBackend(backendName);
});
afterAll(() => tf.removeBackend(backendName));

test("FlipLeftRight, CropAndResize, Einsum", () => {
  const image = tf.tensor4d([1, 2, 3, 4], [1, 2, 2, 1]);
  expect([...tf.image.flipLeftRight(image).dataSync()]).toEqual([2, 1, 4, 3]);
  const crop = tf.image.cropAndResize(image, [[0, 0, 1, 1]], [0], [1, 1]);
  expect([...crop.dataSync()]).toEqual([2.5]);
  const product = tf.einsum("ij,jk->ik", tf.tensor2d([[1, 2]]), tf.tensor2d([[3], [4]]));
  expect([...product.dataSync()]).toEqual([11]);
});

test("strings are filled, reshaped, joined and cut", () => {
  const before = tf.memory().numTensors;
  const texts = tf.tidy(() => {
    const filled = fill([1, 2], "ä", "string");
    return tf.slice(tf.concat([tf.squeeze(filled), tf.tensor1d(["b"])]), [1], [2]);
  });
  expect(texts.dataSync() as unknown).toEqual(["ä", "b"]);
  texts.dispose();
  expect(tf.memory().numTensors).toBe(before);
});
