import { batchSource, synthetic } from "@bn-only/datasets";
import type { Network } from "@bn-only/frozen-layers";
import { createNetwork, defineNetwork } from "@bn-only/resnet-zoo";
import { memory } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import {
  checkpoint,
  type Condition,
  decodeState,
  readModel,
  rebuildModel,
  saveModel,
  train,
  useBackend,
} from "../src/index.ts";

beforeAll(async () => void (await useBackend("wasm", { threads: 2 })));

const inputShape = [16, 16, 3] as const;
const images = synthetic({ trainSize: 12, testSize: 6, shape: inputShape, classes: 3, seed: 2 });
const protocol = {
  data: {
    train: batchSource(images.train, { shuffle: true, seed: 1 }),
    test: batchSource(images.test),
  },
  epochs: 2,
  batchSize: 6,
};

// Each family once with every condition that resume.test.ts and model/sequences.test.ts do not have.
const cases: readonly (readonly [network: string, condition: Condition])[] = [
  ["cifar-vgg-11", "beta"],
  ["cifar-densenet-16-4", "bn"],
  ["cifar-densenet-16-4", "random-2"],
  ["cifar-densenet-16-4", "conv+head"],
  ["mobilenet-v2", "bn+head"],
  ["mobilenet-v2", "random-5"],
  ["mobilenet-v2", "stage1/**+last/**/gamma"],
  ["mlp-3-16", "bn"],
  ["mlp-3-16", "all"],
  ["mlp-3-16", "random-2"],
  ["cifar-resnet-8", "gamma"],
  ["cifar-resnet-8", "shortcut"],
  ["cifar-resnet-8", "shortcut+head"],
  ["cifar-resnet-8", "bn+shortcut+head"],
  ["cifar-resnet-8", "all-but-bn"],
];

const create = (name: string): Network => createNetwork(name, { seed: 4, inputShape, classes: 3 });

test.each(cases)(
  "%s, condition %s: goes on to the same bits from any step, and its file restores them",
  async (name, condition) => {
    const before = memory().numTensors;
    const states: Uint8Array[] = [];
    const save = checkpoint({ every: "1steps", save: (bytes) => void states.push(bytes) });
    const network = create(name);
    const undisturbed = await train({ ...protocol, network, condition, callbacks: [save] });
    expect(states).toHaveLength(4);
    for (const step of [1, 3]) {
      const resumed = create(name);
      const resume = decodeState(states[step - 1]!);
      const result = await train({ ...protocol, network: resumed, condition, resume });
      expect(result.testLoss).toBe(undisturbed.testLoss);
      expectSameBits(resumed, network);
      resumed.dispose();
    }

    const file = await saveModel(network);
    const definition = defineNetwork(name, { inputShape, classes: 3 });
    const restored = await rebuildModel(readModel(file), definition);
    expectSameBits(restored, network);
    expect(Buffer.from(await saveModel(restored)).equals(file)).toBe(true);
    [network, restored].forEach((each) => each.dispose());
    expect(memory().numTensors).toBe(before);
  },
  // Two of them draw some ten million weights, four times.
  300_000,
);

function expectSameBits(found: Network, expected: Network): void {
  const states = (network: Network) => [...network.parameters, ...network.buffers];
  const others = states(expected);
  states(found).forEach(({ path, value }, i) => {
    const [a, b] = [value, others[i]!.value].map(
      (tensor) => new Uint32Array(tensor.dataSync<"float32">().slice().buffer),
    );
    expect(Buffer.from(a!.buffer).equals(Buffer.from(b!.buffer)), path).toBe(true);
  });
}
