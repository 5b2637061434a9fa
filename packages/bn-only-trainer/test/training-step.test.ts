import { memory } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test, vi } from "vitest";
import {
  conditions,
  conditionSelector,
  initializeSgd,
  disposeSgd,
  trainingStep,
  useBackend,
} from "../src/index.ts";
import { bitsOf, firstBatch, tinyData, tinyNetwork } from "./support/tiny.ts";

beforeAll(async () => void (await useBackend("wasm")));

const options = { learningRate: 0.1, momentum: 0.9, weightDecay: 1e-4 };

test.each(conditions)(
  "condition %s: as many tensors after a step as before it",
  async (condition) => {
    const network = tinyNetwork();
    network.setTrainable(conditionSelector(condition));
    const state = { sgd: condition === "none" ? undefined : initializeSgd(network.trainable) };
    const counts: number[] = [];
    for (let step = 0; step < 3; step++) {
      trainingStep(network, firstBatch(tinyData().train, 7), state, options).dispose();
      counts.push(memory().numTensors);
    }
    expect(counts[1]).toBe(counts[0]);
    expect(counts[2]).toBe(counts[0]);
    disposeSgd(state);
    network.dispose();
  },
);

test("network.dispose: frees every tensor", () => {
  const before = memory().numTensors;
  const network = tinyNetwork();
  network.setTrainable("**");
  const state = { sgd: initializeSgd(network.trainable) };
  trainingStep(network, firstBatch(tinyData().train, 5), state, options).dispose();
  disposeSgd(state);
  network.dispose();
  expect(memory().numTensors).toBe(before);
});

test.each(["forward", "backward"] as const)(
  "an error in the middle of %s: nothing leaks and nothing of the network has changed",
  (direction) => {
    const network = tinyNetwork();
    network.setTrainable("bn");
    const state = { sgd: initializeSgd(network.trainable) };
    const batch = firstBatch(tinyData().train, 7);
    trainingStep(network, batch, state, options).dispose();
    const before = { tensors: memory().numTensors, bits: bitsOf(network), buffers: buffersOf() };
    const velocity = state.sgd.velocity.dataSync();

    const middle = network.layer.children["stage2"]!;
    const broken = vi.spyOn(middle, direction).mockImplementation(() => {
      throw new Error("broken on purpose");
    });
    expect(() => trainingStep(network, batch, state, options)).toThrow("broken on purpose");
    expect(memory().numTensors).toBe(before.tensors);
    expect(bitsOf(network)).toEqual(before.bits);
    expect(buffersOf()).toEqual(before.buffers);
    expect(state.sgd.velocity.dataSync()).toEqual(velocity);

    broken.mockRestore();
    trainingStep(network, batch, state, options).dispose();
    expect(memory().numTensors).toBe(before.tensors);
    expect(bitsOf(network)).not.toEqual(before.bits);
    disposeSgd(state);
    network.dispose();

    function buffersOf(): unknown[] {
      return network.buffers.map(({ value }) => value.dataSync());
    }
  },
);
