import { batchSource, synthetic } from "@bn-only/datasets";
import { type Network, observeOps } from "@bn-only/frozen-layers";
import { memory } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";
import { constant, train, useBackend } from "../src/index.ts";
import { denseNet } from "./support/dense-net.ts";
import { mobileNet } from "./support/mobile-net.ts";

beforeAll(async () => void (await useBackend("wasm", { threads: 2 })));

const images = synthetic({ trainSize: 400, testSize: 100, shape: [16, 16, 3], seed: 5 });
const data = {
  train: batchSource(images.train, { shuffle: true, seed: 1 }),
  test: batchSource(images.test),
};

const networks: Readonly<Record<string, (seed: number) => Network>> = { denseNet, mobileNet };

describe.each(Object.keys(networks))("%s, whose layers no ResNet has", (name) => {
  test("its BatchNorm learns on WASM, by kernels of WASM alone, and nothing leaks", async () => {
    const network = networks[name]!(3);
    const references = new Set<string>();
    const stop = observeOps(({ op, implementation }) => {
      if (implementation === "reference") references.add(op.name);
    });
    const result = await train({ network, data, epochs: 12, batchSize: 40 });
    stop();
    expect([...references]).toEqual([]);
    expect(result.history[11]!.trainLoss).toBeLessThan(result.history[0]!.trainLoss);
    // Guessing gives 0.1.
    expect(result.testAccuracy).toBeGreaterThan(0.2);
    const before = memory().numTensors;
    await train({ network, data, epochs: 1, batchSize: 40 });
    expect(memory().numTensors).toBe(before);
    network.dispose();
  });

  test("the same first losses as by the definitions of its ops on the cpu", async () => {
    const losses = async (): Promise<number[]> => {
      const network = networks[name]!(3);
      const seen: number[] = [];
      const source = batchSource(images.test);
      const callbacks = [
        (event: { event: string; loss?: number }) =>
          event.event === "step" && seen.push(event.loss!),
      ];
      const protocol = { epochs: 1, batchSize: 25, schedule: constant(1e-3) };
      await train({ network, data: { train: source }, ...protocol, callbacks });
      network.dispose();
      return seen;
    };
    const here = await losses();
    await useBackend("cpu");
    const there = await losses();
    await useBackend("wasm", { threads: 2 });
    expect(here).toHaveLength(4);
    here.forEach((loss, i) => expect(loss / there[i]!).toBeCloseTo(1, 3));
  });
});
