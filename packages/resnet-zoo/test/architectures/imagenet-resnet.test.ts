import { setBackend, zeros } from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-wasm";
import { beforeAll, expect, test } from "vitest";
import { createNetwork, imagenetResNet } from "../../src/index.ts";

beforeAll(async () => void (await setBackend("wasm")));

test.each([
  ["imagenet-resnet-18", { blocks: [2, 2, 2, 2], bottleneck: false, width: 1 }],
  ["imagenet-resnet-50-2", { blocks: [3, 4, 6, 3], bottleneck: true, width: 2 }],
  ["imagenet-resnet-200", { blocks: [3, 24, 36, 3], bottleneck: true, width: 1 }],
])("%s is a name", (name, configuration) => {
  expect(imagenetResNet.parse(name)).toEqual(configuration);
});

test.each([
  "imagenet-resnet",
  "imagenet-resnet-19",
  "imagenet-resnet-50-0",
  "imagenet-resnet-50-2-2",
])("%s is none", (name) => {
  expect(imagenetResNet.parse(name)).toBeUndefined();
});

test.each(["imagenet-resnet-18", "imagenet-resnet-50"])(
  "%s: gives logits, also for small images",
  (name) => {
    const network = createNetwork(name, { inputShape: [64, 64, 3], classes: 7 });
    const logits = network.predict(zeros([2, 64, 64, 3]));
    expect(logits.shape).toEqual([2, 7]);
    logits.dispose();
    network.dispose();
  },
);

test("imagenet-resnet-50: the stride is on the 3x3 convolution, projections open every stage", () => {
  const network = createNetwork("imagenet-resnet-50", { inputShape: [32, 32, 3], classes: 2 });
  const shapes = new Map(network.parameters.map(({ path, shape }) => [path, shape]));
  expect(shapes.get("stage2/block1/conv1/kernel")).toEqual([1, 1, 256, 128]);
  expect(shapes.get("stage2/block1/conv2/kernel")).toEqual([3, 3, 128, 128]);
  expect(shapes.get("stage2/block1/conv3/kernel")).toEqual([1, 1, 128, 512]);
  const projections = network.parameters.filter(({ role }) => role === "shortcut.kernel");
  expect(projections.map(({ shape }) => shape)).toEqual([
    [1, 1, 64, 256],
    [1, 1, 256, 512],
    [1, 1, 512, 1024],
    [1, 1, 1024, 2048],
  ]);
  network.dispose();
});
