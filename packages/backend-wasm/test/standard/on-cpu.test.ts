import * as tf from "@tensorflow/tfjs-core";
import { fill } from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { backendName, registerWasmBackend } from "../../src/index.ts";

tf.env().set("PROD", true); // no advertisement for tfjs-node from the cpu backend

// The kernels are tfjs-backend-cpu's; what can go wrong is how tensors get in and out.
const cases: Record<string, (x: tf.Tensor4D) => tf.Tensor | tf.Tensor[]> = {
  "arithmetic with broadcasting": (x) =>
    tf.div(tf.sub(tf.mul(x, [1, 2, 3]), 4), tf.add(tf.abs(x), 1)),
  "sum and product of one shape": (x) => [tf.add(x, tf.abs(x)), tf.mul(x, x)],
  "comparison and choice": (x) => tf.where(tf.greater(x, 0), x, tf.zerosLike(x)),
  "logic on booleans": (x) => tf.logicalOr(tf.logicalNot(tf.less(x, 0)), tf.isNaN(x)),
  casts: (x) => [tf.cast(x, "int32"), tf.cast(x, "bool"), tf.cast(x, "float32")],
  reductions: (x) => [
    tf.sum(x, [1, 2]),
    tf.mean(x),
    tf.max(x, 3),
    tf.argMax(x, 1),
    tf.any(tf.cast(x, "bool")),
  ],
  softmax: (x) => tf.softmax(tf.reshape(x, [2, -1])),
  "matrix product": (x) => tf.matMul(tf.reshape(x, [8, 12]), tf.reshape(x, [12, 8])),
  "slices, of which some are views": (x) => [
    tf.slice(x, [1, 0, 0, 0], [1, -1, -1, -1]),
    tf.slice(x, [0, 1, 1, 0], [1, 2, 2, 3]),
  ],
  "split, concat and stack": (x) => tf.stack(tf.split(tf.concat([x, x], 3), 2, 3)),
  unstack: (x) => tf.unstack(x, 2),
  "pad, tile, reverse, transpose": (x) =>
    tf.tile(
      tf.transpose(
        tf.reverse(
          tf.pad(
            x,
            [
              [0, 0],
              [1, 2],
              [0, 0],
              [0, 1],
            ],
            5,
          ),
          1,
        ),
      ),
      [1, 1, 2, 1],
    ),
  "gather and one-hot": (x) =>
    tf.oneHot(tf.cast(tf.gather(tf.reshape(x, [-1]), tf.tensor1d([3, 1, 1], "int32")), "int32"), 4),
  "several inputs": (x) => tf.addN([x, x, x]),
  "top values": (x) => {
    const { values, indices } = tf.topk(tf.reshape(x, [2, -1]), 3);
    return [values, indices];
  },
  pooling: (x) => [tf.maxPool(x, 2, 2, "valid"), tf.avgPool(x, 3, 1, "same")],
  convolution: (x) => tf.conv2d(x, tf.ones([3, 3, 3, 2]), 1, "same"),
  "depthwise convolution": (x) => tf.depthwiseConv2d(x, tf.ones([3, 3, 3, 1]), 1, "same"),
  "fused convolution": (x) =>
    tf.fused.conv2d({
      x,
      filter: tf.ones([1, 1, 3, 2]),
      strides: 1,
      pad: 0,
      bias: tf.tensor1d([1, -1]),
      activation: "relu",
    }),
  "batch normalisation": (x) => tf.batchNorm(x, [1, 2, 3], [1, 4, 9]),
  resizing: (x) => tf.image.resizeBilinear(x, [5, 7]),
  "nothing at all": () => [fill([2, 3], 4), tf.range(0, 5), tf.linspace(0, 1, 5), tf.eye(3)],
};

type Output = { shape: number[]; dtype: string; values: ArrayLike<number> };

async function runOn(backend: string, run: (typeof cases)[string]): Promise<Output[]> {
  await tf.setBackend(backend);
  const outputs = tf.tidy(() => {
    const x = tf.tensor4d(
      Float32Array.from({ length: 96 }, (_, i) => ((i * 37) % 41) / 4 - 5),
      [2, 4, 4, 3],
    );
    return [run(x)].flat();
  });
  return outputs.map((output) => {
    const values = output.dataSync();
    output.dispose();
    return { shape: output.shape, dtype: output.dtype, values };
  });
}

describe.each([1, 2])("standard kernels with %d threads", (threads) => {
  beforeAll(async () => void (await registerWasmBackend({ threads })));
  afterAll(() => tf.removeBackend(backendName));

  test.each(Object.keys(cases))("%s: as on cpu, nothing leaks", async (name) => {
    const expected = await runOn("cpu", cases[name]!);
    await runOn(backendName, cases[name]!); // scratch memory of threads stays
    const before = tf.memory();
    expect(await runOn(backendName, cases[name]!)).toEqual(expected);
    expect(tf.memory().numTensors).toBe(before.numTensors);
    expect(tf.memory()).toHaveProperty(
      "numBytesInUse",
      (before as { numBytesInUse?: number }).numBytesInUse,
    );
  });

  test("inputs that have yet to be computed: the memory may grow meanwhile", () => {
    const result = tf.tidy(() => {
      const [few, many] = [1, 2 ** 22].map((length) => fill([length], length));
      return tf.minimum(tf.add(few!, few!), tf.add(many!, many!));
    });
    expect(new Set(result.dataSync())).toEqual(new Set([2]));
    result.dispose();
  });
});
