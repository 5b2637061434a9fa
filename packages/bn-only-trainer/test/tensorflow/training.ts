import { createNetwork } from "@bn-only/resnet-zoo";
import { backend, getBackend, memory } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { Learner, sgd, inspectBackends, trainingStep, useBackend } from "../../src/index.ts";

interface Native {
  readonly binding: { getNumOfTensors(): number };
}

test("useBackend tensorflow: says which TensorFlow it is", async () => {
  const choice = await useBackend("tensorflow");
  expect(choice.description).toMatch(/^tensorflow \(the CPU, TensorFlow \d+\.\d+\.\d+ in .+\)$/);
  expect(getBackend()).toBe("tensorflow");
});

test("inspectBackends: finds tensorflow beside the others, without CUDA", async () => {
  const reports = await inspectBackends();
  const works = reports.filter(({ available }) => available).map(({ name }) => name);
  expect(works).toContain("tensorflow");
  expect(works).toContain("wasm");
  expect(getBackend()).toBe("tensorflow");
});

test("training: 2,000 steps leave tensors and resident memory as they were", async () => {
  await useBackend("tensorflow");
  const network = createNetwork("cifar-resnet-8", { seed: 0, inputShape: [16, 16, 3] });
  network.setTrainable("bn");
  const learner = new Learner(network.trainable, sgd());
  const size = 16;
  const images = Float32Array.from({ length: size * 768 }, (_, i) => ((i * 37) % 101) / 50 - 1);
  const labels = Int32Array.from({ length: size }, (_, i) => i % 10);
  const native = backend() as unknown as Native;
  const steps = (count: number): void => {
    for (let step = 0; step < count; step++) {
      const metrics = trainingStep(network, { images, labels, size }, learner, {
        learningRate: 0.01,
        step: step + 1,
      });
      metrics.dataSync();
      metrics.dispose();
    }
  };

  steps(200);
  const before = { tensors: memory().numTensors, native: native.binding.getNumOfTensors() };
  const resident = process.memoryUsage.rss();
  steps(2000);
  const after = { tensors: memory().numTensors, native: native.binding.getNumOfTensors() };
  expect(after).toEqual(before);
  // One leaked activation of 16x16x16 a step would be 500 MB.
  expect(process.memoryUsage.rss() - resident).toBeLessThan(30e6);
  learner.dispose();
  network.dispose();
});
