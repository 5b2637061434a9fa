import { memory } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test, vi } from "vitest";
import {
  conditions,
  conditionSelection,
  Learner,
  sgd,
  trainingStep,
  useBackend,
} from "../src/index.ts";
import { bitsOf, firstBatch, tinyData, tinyNetwork } from "./support/tiny.ts";

beforeAll(async () => void (await useBackend("wasm")));

const at = { learningRate: 0.1, step: 1 };

test.each(conditions)(
  "condition %s: as many tensors after a step as before it",
  async (condition) => {
    const network = tinyNetwork();
    network.setTrainable(conditionSelection(condition, network));
    const learner = Learner.of(network, sgd());
    const counts: number[] = [];
    for (let step = 0; step < 3; step++) {
      trainingStep(network, firstBatch(tinyData().train, 7), learner, at).dispose();
      counts.push(memory().numTensors);
    }
    expect(counts[1]).toBe(counts[0]);
    expect(counts[2]).toBe(counts[0]);
    learner?.dispose();
    network.dispose();
  },
);

test("network.dispose: frees every tensor", () => {
  const before = memory().numTensors;
  const network = tinyNetwork();
  network.setTrainable("**");
  const learner = new Learner(network.trainable, sgd());
  trainingStep(network, firstBatch(tinyData().train, 5), learner, at).dispose();
  learner.dispose();
  network.dispose();
  expect(memory().numTensors).toBe(before);
});

test.each(["forward", "backward"] as const)(
  "an error in the middle of %s: nothing leaks and nothing of the network has changed",
  (direction) => {
    const network = tinyNetwork();
    network.setTrainable("bn");
    const learner = new Learner(network.trainable, sgd());
    const batch = firstBatch(tinyData().train, 7);
    trainingStep(network, batch, learner, at).dispose();
    const before = { tensors: memory().numTensors, bits: bitsOf(network), buffers: buffersOf() };
    const velocity = learner.state["velocity"]!.dataSync();

    const middle = network.layer.children["stage2"]!;
    const broken = vi.spyOn(middle, direction).mockImplementation(() => {
      throw new Error("broken on purpose");
    });
    expect(() => trainingStep(network, batch, learner, at)).toThrow("broken on purpose");
    expect(memory().numTensors).toBe(before.tensors);
    expect(bitsOf(network)).toEqual(before.bits);
    expect(buffersOf()).toEqual(before.buffers);
    expect(learner.state["velocity"]!.dataSync()).toEqual(velocity);

    broken.mockRestore();
    trainingStep(network, batch, learner, at).dispose();
    expect(memory().numTensors).toBe(before.tensors);
    expect(bitsOf(network)).not.toEqual(before.bits);
    learner.dispose();
    network.dispose();

    function buffersOf(): unknown[] {
      return network.buffers.map(({ value }) => value.dataSync());
    }
  },
);
