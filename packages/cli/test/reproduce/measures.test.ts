import { batchSource, synthetic } from "@bn-only/datasets";
import { createNetwork } from "@bn-only/resnet-zoo";
import { evaluate, useBackend } from "@bn-only/trainer";
import { tensor } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";
import { quantizeInt8, roundedToInt8 } from "../../src/reproduce/quantize.ts";
import { topFiveAccuracy } from "../../src/reproduce/top-five.ts";

beforeAll(async () => {
  await useBackend("cpu");
});

describe("int8", () => {
  test("each channel has steps of its largest weight / 127", () => {
    // Channels in turns: 127 steps of 1/127, 2 of 63.5 (rounded up to even numbers of steps), zeros.
    const weights = Float32Array.of(1, -127, 0, 0.3, 0.6, 0, -0.004, 100.4, 0);
    const rounded = roundedToInt8(weights, 3);
    expect([...rounded].map((value) => Number(value.toFixed(6)) + 0)).toEqual([
      1, -127, 0, 0.299213, 1, 0, -0.007874, 100, 0,
    ]);
  });

  test("bytes are counted by hand, and no weight moves by more than half a step", async () => {
    const network = createNetwork("cifar-resnet-8", { seed: 1, inputShape: [8, 8, 3], classes: 4 });
    const kernel = network.parameters.find(({ role }) => role === "conv.kernel")!;
    const before = Float32Array.from(await kernel.value.data<"float32">());
    // Without 336 features of BatchNorm and 4 biases: 77,076 weights; a channel of each feature, and 4 of the head.
    const kernels = network.parameters.filter(({ role }) => role.endsWith("kernel"));
    const weights = kernels.reduce((sum, { size }) => sum + size, 0);
    expect(await quantizeInt8(network)).toBe(weights + 8 * (336 + 4));
    const after = await kernel.value.data<"float32">();
    const largest = Math.max(...before.map(Math.abs));
    for (const [i, value] of before.entries()) {
      expect(Math.abs(after[i]! - value)).toBeLessThanOrEqual(largest / 254 + 1e-7);
    }
    network.dispose();
  });
});

describe("top-5 accuracy", () => {
  const { signal } = new AbortController();
  const logits = [
    [9, 8, 7, 6, 5, 4],
    [1, 1, 1, 1, 1, 1],
    [0, 0, 0, 0, 0, 1],
  ];
  const source = (labels: number[]) => ({
    size: 3,
    inputShape: [1, 1, 1],
    classes: 6,
    *batches() {
      yield { images: new Float32Array(3), labels: Int32Array.from(labels), size: 3 };
    },
  });
  const network = { predict: () => tensor(logits) } as never;

  test.each([
    [[0, 0, 5], 1],
    // Sixth of six; the last of equal ones; the fifth of equal ones behind the first.
    [[5, 5, 4], 0],
    [[4, 4, 3], 1],
    [[5, 4, 0], 2 / 3],
  ])("labels %j: %d", async (labels, share) => {
    expect(await topFiveAccuracy(network, source(labels), signal)).toBeCloseTo(share, 12);
  });

  test("ends with the signal", async () => {
    const controller = new AbortController();
    controller.abort(new Error("enough"));
    const counted = topFiveAccuracy(network, source([0, 0, 0]), controller.signal);
    await expect(counted).rejects.toThrow("enough");
  });

  test("is 1 where there are five classes, whatever the network", async () => {
    const { test: images } = synthetic({
      trainSize: 5,
      testSize: 20,
      shape: [8, 8, 3],
      classes: 5,
    });
    const drawn = createNetwork("cifar-resnet-8", { seed: 0, inputShape: [8, 8, 3], classes: 5 });
    expect(await topFiveAccuracy(drawn, batchSource(images), signal)).toBe(1);
    expect((await evaluate(drawn, batchSource(images))).accuracy).toBeLessThan(1);
    drawn.dispose();
  });
});
