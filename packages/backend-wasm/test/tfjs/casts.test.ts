import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-layers"; // registers the gradients
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { backendName, registerWasmBackend } from "../../src/index.ts";

beforeAll(async () => {
  await registerWasmBackend({ threads: 1 });
  await tf.setBackend(backendName);
});
afterAll(() => tf.removeBackend(backendName));

function values(run: () => tf.Tensor): [string, number[]] {
  const output = tf.tidy(run);
  const result: [string, number[]] = [output.dtype, [...output.dataSync()]];
  output.dispose();
  return result;
}

describe("cast", () => {
  const numbers = [-2.7, -0.5, 0, 1, 3.9];
  test.each([
    ["float32", "int32", [-2, 0, 0, 1, 3]],
    ["float32", "bool", [1, 1, 0, 1, 1]],
    ["int32", "float32", [-2, 0, 0, 1, 3]],
    ["int32", "bool", [1, 0, 0, 1, 1]],
    ["bool", "float32", [1, 1, 0, 1, 1]],
    ["bool", "int32", [1, 1, 0, 1, 1]],
  ] as const)("%s to %s", (from, to, expected) => {
    expect(values(() => tf.cast(tf.cast(tf.tensor1d(numbers), from), to))).toEqual([
      to,
      [...expected],
    ]);
  });

  test("to the same type shares the data; the type of the answer is that of its data", async () => {
    const before = tf.memory().numDataBuffers;
    const x = tf.tensor1d([1, 2], "int32");
    const same = tf.cast(x, "int32");
    expect(tf.memory().numDataBuffers - before).toBe(1);
    const float = tf.cast(x, "float32");
    expect(await float.data()).toBeInstanceOf(Float32Array);
    tf.dispose([x, same, float]);
  });

  test("values that nobody has asked for yet", () => {
    const sum = (): tf.Tensor => tf.add(tf.tensor1d([1.5, 2.5]), tf.tensor1d([1, 1]));
    expect(values(() => tf.cast(sum(), "int32"))).toEqual(["int32", [2, 3]]);
  });

  test("complex numbers are refused", () => {
    const x = tf.tensor1d([1]);
    expect(() => tf.cast(x, "complex64")).toThrow(
      'cast: expected types of float32, int32, bool, got float32 to complex64. Use the "cpu" backend.',
    );
    x.dispose();
  });
});

describe("what casts on its way", () => {
  test("int32 + float32", () => {
    expect(values(() => tf.add(tf.scalar(1, "int32"), tf.scalar(0.5)))).toEqual(["float32", [1.5]]);
  });

  test("erf of an int32", () => {
    const [dtype, [erf]] = values(() => tf.erf(tf.scalar(1, "int32")));
    expect(dtype).toBe("float32");
    expect(erf).toBeCloseTo(0.8427008, 6);
  });

  test("moments of booleans", () => {
    const { mean, variance } = tf.moments(tf.tensor1d([true, false, true, true, false], "bool"));
    expect(mean.dataSync()[0]).toBeCloseTo(0.6, 6);
    expect(variance.dataSync()[0]).toBeCloseTo(0.24, 6);
  });

  test("the gradient of where", () => {
    const condition = tf.tensor1d([true, false, true], "bool");
    const gradient = tf.grad((x: tf.Tensor) => tf.sum(tf.where(condition, tf.mul(x, 2), x)));
    expect([...gradient(tf.tensor1d([1, 2, 3])).dataSync()]).toEqual([2, 1, 2]);
    condition.dispose();
  });

  test("the loss of tf.losses on int32 labels", () => {
    const loss = tf.losses.softmaxCrossEntropy(
      tf.tensor2d([[0, 1]], [1, 2], "int32"),
      tf.tensor2d([[0, 0]]),
    );
    expect(loss.dataSync()[0]).toBeCloseTo(Math.log(2), 6);
  });
});
