import * as tf from "@tensorflow/tfjs-core";
import * as layers from "@tensorflow/tfjs-layers";
import "@tensorflow/tfjs-backend-cpu";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { backendName, registerWasmBackend } from "../../src/index.ts";

tf.env().set("PROD", true); // no advertisement for tfjs-node from the cpu backend

const optimizers: Record<string, () => tf.Optimizer> = {
  sgd: () => tf.train.sgd(0.1),
  momentum: () => tf.train.momentum(0.1, 0.9, true),
  adagrad: () => tf.train.adagrad(0.1),
  adadelta: () => tf.train.adadelta(0.1),
  rmsprop: () => tf.train.rmsprop(0.01, 0.9, 0.5),
  adam: () => tf.train.adam(0.1),
  adamax: () => tf.train.adamax(0.1),
};

beforeAll(async () => {
  await registerWasmBackend({ threads: 2, fma: false });
});
afterAll(() => tf.removeBackend(backendName));

const ramp = (size: number): Float32Array =>
  Float32Array.from({ length: size }, (_, i) => (((i * 37) % 41) - 20) / 20);

/** The weights after 5 steps on a softmax classifier. */
async function train(
  backend: string,
  make: () => tf.Optimizer,
): Promise<{ values: number[]; leaked: number }> {
  await tf.setBackend(backend);
  const before = tf.memory().numTensors;
  const optimizer = make();
  const x = tf.tensor2d(ramp(6 * 4), [6, 4]);
  const y = tf.tidy(() => tf.oneHot(tf.tensor1d([0, 1, 2, 0, 1, 2], "int32"), 3));
  const [weights, bias] = tf.tidy(() => [
    tf.variable(tf.tensor2d(ramp(12), [4, 3])),
    tf.variable(tf.zeros([3])),
  ]);
  for (let step = 0; step < 5; step++) {
    optimizer.minimize(() => tf.losses.softmaxCrossEntropy(y, tf.add(tf.matMul(x, weights), bias)));
  }
  const values = [...weights.dataSync(), ...bias.dataSync()];
  optimizer.dispose();
  tf.dispose([x, y, weights, bias]);
  const leaked = tf.memory().numTensors - before;
  return { values, leaked };
}

describe("tf.train", () => {
  test("there are seven optimisers, and all are here", () => {
    expect(Object.keys(optimizers).sort()).toEqual(Object.keys(tf.train).sort());
  });

  test.each(Object.keys(optimizers))("%s: 5 steps as on cpu", async (name) => {
    const expected = await train("cpu", optimizers[name]!);
    const actual = await train(backendName, optimizers[name]!);
    expect(expected.values.every(Number.isFinite)).toBe(true);
    for (const [i, value] of actual.values.entries()) {
      expect(value).toBeCloseTo(expected.values[i]!, 5);
    }
    expect(actual.leaked).toBe(expected.leaked); // tfjs forgets a scalar of momentum's
  });
});

/** History and weights of a small network with convolution and BatchNorm, 5 steps of one batch each. */
async function fit(
  backend: string,
): Promise<{ loss: number[]; accuracy: number[]; weights: number[] }> {
  await tf.setBackend(backend);
  const model = layers.sequential({
    layers: [
      layers.layers.conv2d({
        inputShape: [6, 6, 2],
        filters: 4,
        kernelSize: 3,
        useBias: false, // its gradient is 0 but for rounding, as BatchNorm follows
        padding: "same",
        kernelInitializer: layers.initializers.glorotUniform({ seed: 1 }),
      }),
      layers.layers.batchNormalization(),
      layers.layers.activation({ activation: "relu" }),
      layers.layers.maxPooling2d({ poolSize: 2 }),
      layers.layers.flatten(),
      layers.layers.dense({
        units: 3,
        activation: "softmax",
        kernelInitializer: layers.initializers.glorotUniform({ seed: 2 }),
      }),
    ],
  });
  model.compile({
    optimizer: tf.train.adam(0.01),
    loss: "categoricalCrossentropy",
    metrics: ["accuracy"],
  });
  const x = tf.tensor4d(ramp(8 * 72), [8, 6, 6, 2]);
  const y = tf.tidy(() => tf.oneHot(tf.tensor1d([0, 1, 2, 0, 1, 2, 0, 1], "int32"), 3));
  const { history } = await model.fit(x, y, {
    epochs: 5,
    batchSize: 8,
    shuffle: false,
    verbose: 0,
  });
  const weights = model.getWeights().flatMap((weight) => [...weight.dataSync()]);
  model.dispose();
  tf.dispose([x, y]);
  return { loss: history["loss"] as number[], accuracy: history["acc"] as number[], weights };
}

test("model.fit of tfjs-layers: 5 steps as on cpu, and the loss of the first is the mean over the batch", async () => {
  const expected = await fit("cpu");
  const actual = await fit(backendName);
  expect(actual.accuracy).toEqual(expected.accuracy);
  for (const [i, value] of actual.loss.entries()) expect(value).toBeCloseTo(expected.loss[i]!, 5);
  expect(actual.loss).toHaveLength(5);
  for (const [i, value] of actual.weights.entries()) {
    expect(value, `${i}`).toBeCloseTo(expected.weights[i]!, 4);
  }
});
