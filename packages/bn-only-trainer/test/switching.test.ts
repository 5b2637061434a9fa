import { useBackend } from "@bn-only/backends";
import { createNetwork } from "@bn-only/resnet-zoo";
import { memory, tensor } from "@tensorflow/tfjs-core";
import { afterAll, expect, test } from "vitest";
import { constant, evaluate, train } from "../src/index.ts";
import { inputShape, tinyData } from "./support/tiny.ts";

afterAll(async () => void (await useBackend("cpu")));

const images = () =>
  tensor(
    Float32Array.from({ length: 2 * 8 * 8 * 3 }, (_, i) => ((i * 37) % 256) / 128 - 1),
    [2, 8, 8, 3],
  );

test.each(["cifar-resnet-8", "cifar-resnet-8-2"])(
  "%s: trained on wasm, used on cpu and tfjs-wasm, the same bits on return",
  async (name) => {
    await useBackend("wasm", { threads: 1 });
    const network = createNetwork(name, { seed: 1, inputShape });
    const data = tinyData();
    await train({
      network,
      data,
      epochs: 1,
      batchSize: 50,
      condition: "all",
      schedule: constant(0.01),
    });
    const logits = async () => {
      const output = network.predict(images());
      const values = await output.data();
      output.dispose();
      return [...values];
    };
    const first = await logits();
    const { loss } = await evaluate(network, data.test);
    const held = memory().numTensors;
    for (const other of ["cpu", "tfjs-wasm", "cpu"]) {
      await useBackend(other, { threads: 1 });
      const there = await logits();
      there.forEach((value, i) => expect(value).toBeCloseTo(first[i]!, 3));
      expect((await evaluate(network, data.test)).loss).toBeCloseTo(loss, 3);
      expect(memory().numTensors).toBe(held);
      await useBackend("wasm", { threads: 1 });
      expect(await logits()).toEqual(first);
      expect((await evaluate(network, data.test)).loss).toBe(loss);
    }
    await useBackend("cpu");
    await train({ network, data, epochs: 1, batchSize: 50, schedule: constant(0.01) });
    await useBackend("wasm", { threads: 1 });
    await train({ network, data, epochs: 1, batchSize: 50, schedule: constant(0.01) });
    network.dispose();
  },
);
