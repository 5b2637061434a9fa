import * as tf from "@tensorflow/tfjs-core";
import { batchNormOp, conv2dOp, prepareFilterOp, runOp, sumOp } from "@bn-only/frozen-layers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { backendName, registerWasmBackend } from "../../src/index.ts";

// A variable gets the data of the tensor that it is assigned, and its own go, while values that wait
// to be computed still need them.

beforeAll(async () => {
  await registerWasmBackend({ threads: 2, fma: false });
  await tf.setBackend(backendName);
});
afterAll(() => tf.removeBackend(backendName));

/** The initial value is gone, its data are the variable's. */
const variable = (value: () => tf.Tensor): tf.Variable => tf.tidy(() => tf.variable(value()));

function bytesInUse(): number {
  return (tf.memory() as unknown as { numBytesInUse: number }).numBytesInUse;
}

test("a variable that takes a sum with itself", () => {
  const [v, w] = [variable(() => tf.ones([3])), tf.ones([3])];
  const before = [tf.memory().numTensors, bytesInUse()];
  for (let i = 0; i < 2; i++) tf.tidy(() => v.assign(tf.add(v, w)));
  expect([...v.dataSync()]).toEqual([3, 3, 3]);
  expect([tf.memory().numTensors, bytesInUse()]).toEqual(before);
  tf.dispose([v, w]);
});

test("a sum of a variable is of the numbers that it had", () => {
  const [v, w] = [variable(() => tf.tensor1d([1, 2])), tf.tensor1d([10, 20])];
  const sum = runOp(sumOp, { a: tf.clone(v), b: w }, {}).output;
  const other = tf.add(v, v);
  tf.tidy(() => v.assign(tf.tensor1d([5, 5])));
  expect([...sum.dataSync(), ...other.dataSync()]).toEqual([11, 22, 2, 4]);
  tf.dispose([sum, other, v]);
});

test("a convolution and a BatchNorm of variables are of the numbers that these had", () => {
  const before = tf.memory().numTensors;
  const geometry = { filterShape: [1, 1, 16, 16] as const, stride: 1, padding: 0, groups: 1 };
  const identity = (): tf.Tensor => tf.reshape(tf.eye(16), [1, 1, 16, 16]);
  const numbers = Float32Array.from({ length: 128 }, (_, i) => (i * 37) % 11);
  const x = variable(() => tf.tensor4d(numbers, [2, 2, 2, 16]));
  const prepared = variable(
    () => runOp(prepareFilterOp, { filter: identity() }, geometry).prepared,
  );
  const vectors = { gamma: tf.ones([16]), beta: tf.zeros([16]) };
  const expected = tf.tidy(() => {
    const { mean, variance } = tf.moments(x, [0, 1, 2]);
    return [...tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, 1e-5))).dataSync()];
  });

  const convolved = runOp(conv2dOp, { input: x, prepared }, geometry).output;
  const normal = runOp(
    batchNormOp,
    { input: x, ...vectors },
    { epsilon: 1e-5, relu: false, momentum: 0.1 },
  );
  tf.tidy(() => [x, prepared].forEach((used) => used.assign(tf.zerosLike(used))));
  expect([...convolved.dataSync()]).toEqual([...numbers]);
  for (const [i, value] of normal.output.dataSync().entries()) {
    expect(value).toBeCloseTo(expected[i]!, 5);
  }
  expect(new Set(x.dataSync())).toEqual(new Set([0]));
  tf.dispose([convolved, normal, x, prepared, vectors]);
  expect(tf.memory().numTensors).toBe(before);
});
