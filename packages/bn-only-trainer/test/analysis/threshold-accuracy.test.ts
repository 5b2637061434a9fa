import { batchNorm, conv2d, flatten, Network, sequential } from "@bn-only/frozen-layers";
import { memory } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { pruneNetwork, evaluate, thresholdAccuracy, useBackend } from "../../src/index.ts";
import { setNumber } from "../support/planted.ts";
import { bitsOf, tinyData, tinyNetwork } from "../support/tiny.ts";

beforeAll(async () => void (await useBackend("cpu")));

/** Two pixels of one channel as the two logits: the larger one is the class. */
const images = [
  { pixels: [1, 0], label: 0 },
  { pixels: [0, 1], label: 1 },
  { pixels: [2, 1], label: 0 },
  { pixels: [3, 1], label: 1 },
];
const source = {
  size: 4,
  inputShape: [1, 1, 2],
  classes: 2,
  batches: () => [
    {
      images: Float32Array.from(images.flatMap(({ pixels }) => pixels)),
      labels: Int32Array.from(images.map(({ label }) => label)),
      size: 4,
    },
  ],
};

/** `logit = gamma · pixel + beta`, but for the variance's epsilon. */
function scales(gamma: readonly number[], beta: readonly number[]): Network {
  const layer = sequential({
    conv: conv2d({ inputChannels: 2, outputChannels: 2, kernelSize: 1 }),
    bn: batchNorm(2),
    flat: flatten(),
  });
  const network = new Network({ name: "scales", layer, inputShape: [1, 1, 2], classes: 2 });
  [1, 0, 0, 1].forEach((value, i) => setNumber(network, "conv/kernel", i, value));
  gamma.forEach((value, i) => setNumber(network, "bn/gamma", i, value));
  beta.forEach((value, i) => setNumber(network, "bn/beta", i, value));
  return network;
}

test("thresholdAccuracy: each row by hand", async () => {
  // As it is: logits are pixels · [0.5, 0.25] + [0, 0.1]; right are [1,0], [0,1] and [2,1], wrong is [3,1].
  // 0.25 at zero: [0.5 p, 0.1] gives 0, 1, 0, 0: the same. Without beta [0.5 p, 0]: the tie of [0,1] goes to class 0.
  // Both at zero: [0, 0.1] is class 1 always; without beta [0, 0] class 0 always.
  const network = scales([0.5, 0.25], [0, 0.1]);
  const before = bitsOf(network);
  const tensors = memory().numTensors;
  const rows = await thresholdAccuracy(network, source, { thresholds: [0.25, 0.3, 0.6] });
  expect(
    rows.map(({ threshold, share, accuracy, accuracyWithoutBeta }) => [
      threshold,
      share,
      accuracy,
      accuracyWithoutBeta,
    ]),
  ).toEqual([
    [0, 0, 0.75, 0.75],
    [0.25, 0, 0.75, 0.75],
    [0.3, 0.5, 0.75, 0.5],
    [0.6, 1, 0.5, 0.5],
  ]);
  expect(rows[3]!.lossWithoutBeta).toBeCloseTo(Math.log(2), 6);
  expect(bitsOf(network)).toEqual(before);
  expect(memory().numTensors - tensors).toBeLessThanOrEqual(1);
  network.dispose();
});

test("thresholdAccuracy: a network pruned at the threshold does what the row says", async () => {
  const network = tinyNetwork();
  const { test: data } = tinyData(10, 50);
  const [, row] = await thresholdAccuracy(network, data, { thresholds: [0.3] });
  const { network: pruned } = await pruneNetwork(network, { threshold: 0.3 });
  const tested = await evaluate(pruned, data);
  expect(row!.share).toBeGreaterThan(0.2);
  expect([tested.accuracy, tested.loss]).toEqual([row!.accuracy, expect.closeTo(row!.loss, 4)]);
  [network, pruned].forEach((one) => one.dispose());
});

test("thresholdAccuracy: stopped, the network has its numbers again", async () => {
  const network = tinyNetwork();
  const before = bitsOf(network);
  const controller = new AbortController();
  const { test: data } = tinyData(10, 50);
  let passes = 0;
  const stopping = {
    ...data,
    batches: (request: Parameters<typeof data.batches>[0]) => {
      passes += 1;
      if (passes === 3) controller.abort(new Error("enough"));
      return data.batches(request);
    },
  };
  const { signal } = controller;
  await expect(
    thresholdAccuracy(network, stopping, { thresholds: [0.2, 0.4], signal }),
  ).rejects.toThrow("enough");
  expect(passes).toBe(3);
  expect(bitsOf(network)).toEqual(before);
  network.dispose();
});
