import { setBackend, zeros } from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-wasm";
import { beforeAll, expect, test } from "vitest";
import { cifarResNet, createNetwork } from "../../src/index.ts";

beforeAll(async () => void (await setBackend("wasm")));

test.each([
  ["cifar-resnet-8", { blocks: 1, width: 1 }],
  ["cifar-resnet-14", { blocks: 2, width: 1 }],
  ["cifar-resnet-110", { blocks: 18, width: 1 }],
  ["cifar-resnet-866-3", { blocks: 144, width: 3 }],
])("%s is a name", (name, configuration) => {
  expect(cifarResNet.parse(name)).toEqual(configuration);
});

test.each([
  "cifar-resnet",
  "cifar-resnet-2",
  "cifar-resnet-15",
  "cifar-resnet-014",
  "cifar-resnet-14-0",
  "cifar-resnet-14-1.5",
  "cifar-resnet-14-2-2",
  "cifar-resnet--14",
  "Cifar-ResNet-14",
  "xcifar-resnet-14",
])("%s is none", (name) => {
  expect(cifarResNet.parse(name)).toBeUndefined();
});

test("cifar-resnet-14: stride 2 and a projection at the two transitions only", () => {
  const network = createNetwork("cifar-resnet-14");
  const projections = network.parameters.filter(({ role }) => role === "shortcut.kernel");
  expect(projections.map(({ path, shape }) => [path, shape])).toEqual([
    ["stage2/block1/shortcut/conv/kernel", [1, 1, 16, 32]],
    ["stage3/block1/shortcut/conv/kernel", [1, 1, 32, 64]],
  ]);
  const logits = network.predict(zeros([2, 32, 32, 3]));
  expect(logits.shape).toEqual([2, 10]);
  logits.dispose();
  network.dispose();
});

test("cifar-resnet-8: BatchNorm is found by role, shortcuts and stem included", () => {
  const network = createNetwork("cifar-resnet-8");
  network.setTrainable("bn");
  const layers = new Set(network.trainable.map(({ path }) => path.replace(/\/(gamma|beta)$/, "")));
  expect([...layers]).toEqual([
    "stem/bn",
    "stage1/block1/bn1",
    "stage1/block1/bn2",
    "stage2/block1/bn1",
    "stage2/block1/bn2",
    "stage2/block1/shortcut/bn",
    "stage3/block1/bn1",
    "stage3/block1/bn2",
    "stage3/block1/shortcut/bn",
  ]);
  network.dispose();
});

// Literal: model files stand on these bits, which must never change. tools/goldens finds the same ones in NumPy.
test.each([
  ["cifar-resnet-8", 0, "d361e2b0ee0333db77f0822e6384842af4818e99b57efb1aa60b5f773f43b550"],
  [
    "cifar-resnet-8-2",
    2 ** 40 + 5,
    "0dbd9c18aa8d51a55eeab08e980e9a8e10643be445ff7b2854fe3f7b9dd6f012",
  ],
])("%s with seed %d: init-v1 gives the same weights for ever", async (name, seed, expected) => {
  const network = createNetwork(name, { seed });
  expect(await network.fingerprint()).toBe(expected);
  network.dispose();
});

test("another seed or another initialisation: other weights", async () => {
  const prints = new Set<string>();
  const variants = [
    { seed: 1 },
    { seed: 2 },
    { seed: 1, weights: "binary" },
    { seed: 1, batchNorm: "fixed" },
  ] as const;
  for (const options of variants) {
    const network = createNetwork("cifar-resnet-8", options);
    prints.add(await network.fingerprint());
    network.dispose();
  }
  expect(prints.size).toBe(4);
});
