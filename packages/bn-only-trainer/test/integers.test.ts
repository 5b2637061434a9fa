import { createNetwork } from "@bn-only/resnet-zoo";
import { memory, tensor } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";
import { conditionSelection, Learner, sgd, trainingStep, useBackend } from "../src/index.ts";
import { firstBatch, tinyData, tinyNetwork } from "./support/tiny.ts";

// Images as `tf.browser.fromPixels` and files give them: whole numbers.

const backends = (process.env["BN_ONLY_TEST_BACKENDS"] ?? "cpu,tfjs-wasm,wasm").split(",");

describe.each(backends)("whole numbers on %s", (backend) => {
  beforeAll(async () => void (await useBackend(backend)));

  test("predict: int32, bool and float32 images of the same numbers give PyTorch's logits", () => {
    const network = createNetwork("cifar-resnet-8", { inputShape: [8, 8, 3], seed: 0 });
    const values = Int32Array.from({ length: 192 }, (_, i) => (i * 37) % 256);
    const logits = (numbers: Int32Array | Float32Array, type: "int32" | "float32" | "bool") => {
      const output = network.predict(tensor(numbers, [1, 8, 8, 3], type));
      const result = [...output.dataSync()];
      output.dispose();
      return result;
    };
    const whole = logits(values, "int32");
    const before = memory().numTensors; // with the prepared filters
    expect(whole).toEqual(logits(Float32Array.from(values), "float32"));
    [-22.264, 12.191, -33.451].forEach((expected, i) => {
      expect(whole[i]).toBeCloseTo(expected, 2);
    });
    const bits = values.map((value) => value % 2);
    expect(logits(bits, "bool")).toEqual(logits(Float32Array.from(bits), "float32"));
    expect(memory().numTensors).toBe(before);
    network.dispose();
  });

  test("predict: images of text are refused", () => {
    const network = createNetwork("cifar-resnet-8", { inputShape: [1, 1, 3], seed: 0 });
    const text = tensor(["a", "b", "c"], [1, 1, 1, 3]);
    expect(() => network.predict(text)).toThrow(
      "cifar-resnet-8: images must be a tensor of numbers, got one of string.",
    );
    text.dispose();
    network.dispose();
  });

  test("a training step on bytes is one on the same numbers as floats", () => {
    const batch = firstBatch(tinyData().train, 7);
    const bytes = Uint8Array.from(batch.images, (value) => Math.abs(value * 50));
    const losses = [bytes, Float32Array.from(bytes)].map((images) => {
      const network = tinyNetwork();
      network.setTrainable(conditionSelection("bn", network));
      const learner = new Learner(network.trainable, sgd());
      const metrics = [1, 2].map((step) => {
        const numbers = { ...batch, images: images as Float32Array };
        const made = trainingStep(network, numbers, learner, { learningRate: 0.05, step });
        const [loss] = made.dataSync();
        made.dispose();
        return loss!;
      });
      learner.dispose();
      network.dispose();
      return metrics;
    });
    expect(losses[0]!.every(Number.isFinite)).toBe(true);
    expect(losses[0]).toEqual(losses[1]);
  });
});
