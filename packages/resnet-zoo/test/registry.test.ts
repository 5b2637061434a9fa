import { batchNorm, conv2d, dense, globalAveragePool, sequential } from "@bn-only/frozen-layers";
import { setBackend } from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-wasm";
import { beforeAll, expect, test } from "vitest";
import {
  basicBlock,
  createNetwork,
  defineArchitecture,
  describeNetwork,
  invertedResidual,
  listNetworks,
  NoSuchNetworkError,
  registerArchitecture,
  ZooError,
} from "../src/index.ts";

beforeAll(async () => void (await setBackend("wasm")));

const plain = defineArchitecture({
  family: "plain",
  grammar: "plain-<channels>",
  parse: (name) => (/^plain-\d+$/.test(name) ? Number(name.slice(6)) : undefined),
  build: (channels, { inputShape, classes }) =>
    sequential({
      conv: conv2d({ inputChannels: inputShape[2]!, outputChannels: channels }),
      bn: batchNorm(channels),
      pool: globalAveragePool(),
      head: dense({ inputs: channels, outputs: classes }),
    }),
  defaults: { inputShape: [8, 8, 1], classes: 3 },
  published: [{ name: "plain-4", source: "this test" }],
  paper: { title: "none", url: "https://example.org" },
});

test.each([
  ["cifar-resnet-15", "cifar-resnet-14"],
  ["cifar-resnet-111", "cifar-resnet-110"],
  ["resnet-56", "cifar-resnet-56"],
  ["imagenet-resnet-51", "imagenet-resnet-50"],
  ["cifar-resnet-9", "cifar-resnet-8"],
  ["cifar-resnet-1", "cifar-resnet-8"],
  ["cifar-resnet-22", "cifar-resnet-20"],
  ["cifar-resnet-14-0", "cifar-resnet-14-1"],
  ["Cifar-ResNet-20", "cifar-resnet-20"],
  ["cifra-resnet-27", "cifar-resnet-26"],
  ["resnet-18", "imagenet-resnet-18"],
  ["resnet20", "cifar-resnet-20"],
  ["resnet-50", "imagenet-resnet-50"],
  ["cifar-resnet-11", "cifar-resnet-14"],
  ["cifar-resnet-12", "cifar-resnet-14"],
  ["imagenet-resnet-170", "imagenet-resnet-152"],
  ["vgg-16", "cifar-vgg-16"],
  ["cifar-vgg-17", "cifar-vgg-16"],
  ["densenet-100-12", "cifar-densenet-100-12"],
  ["cifar-densenet-101-12", "cifar-densenet-100-12"],
  ["mobilenet", "mobilenet-v2"],
  ["MobileNetV2", "mobilenet-v2"],
  ["mlp-1-64", "mlp-2-64"],
  ["mlp3-100", "mlp-3-100"],
])("%j does not exist; the nearest name is %s", (name, nearest) => {
  expect(() => describeNetwork(name)).toThrow(NoSuchNetworkError);
  expect(() => createNetwork(name)).toThrow(
    `network: "${name}" does not exist; did you mean "${nearest}"? Names have the form cifar-resnet-<depth>[-<width> or -c<channels>] with depth = 6n + 2 below 10000; imagenet-resnet-<depth>`,
  );
});

test.each(["", "__proto__", "inception-v3", "transformer"])("%j is near no network", (name) => {
  expect(() => createNetwork(name)).toThrow(
    `network: "${name}" does not exist. Names have the form cifar-resnet-<depth>`,
  );
});

test("listNetworks: the thirteen of the paper beside VGG and DenseNet, and by pattern", () => {
  expect(listNetworks("cifar-*")).toHaveLength(13 + 4 + 3);
  expect(listNetworks("*-14-*")).toHaveLength(6);
  expect(listNetworks("mobilenet*")).toEqual(["mobilenet-v2"]);
  expect(listNetworks("vgg-*")).toEqual([]);
  // Each star a group of its own would take years.
  expect(listNetworks(`${"*".repeat(40)}x`)).toEqual([]);
});

test("createNetwork: refuses more checkpointed stages than there are", () => {
  expect(() => createNetwork("cifar-resnet-8", { checkpointedStages: 4 })).toThrow(
    /checkpointedStages must be a whole number from 0 to 3, .* got 4/,
  );
});

test("blocks: a size that is missing is refused by its name", () => {
  const sizes = { inputChannels: 4, outputChannels: 8 };
  expect(() => invertedResidual({ ...sizes, stride: 1 } as never)).toThrow(
    "invertedResidual: expansion must be a whole number from 1, got undefined.",
  );
  expect(() => basicBlock(sizes as never)).toThrow(
    "basicBlock: stride must be a whole number from 1, got undefined.",
  );
});

test("describeNetwork: classes and input shape can be chosen", () => {
  const small = describeNetwork("cifar-resnet-14", { classes: 100, inputShape: [16, 16, 1] });
  expect(small.parameters.output).toBe(64 * 100 + 100);
  expect(small.parameters.total).toBe(175_258 + 65 * 90 - 2 * 9 * 16);
});

test("a third-party architecture: passed in, or registered once", () => {
  expect(describeNetwork("plain-4", { architectures: [plain] }).parameters.total).toBe(36 + 8 + 15);
  createNetwork("plain-4", { architectures: [plain] }).dispose();
  expect(() => describeNetwork("plain-4")).toThrow(NoSuchNetworkError);
  registerArchitecture(plain);
  expect(describeNetwork("plain-5").family).toBe("plain");
  expect(listNetworks()).toContain("plain-4");
  expect(() => registerArchitecture(plain)).toThrow(ZooError);
});

test("defineArchitecture: a published name must be of the family's own grammar", () => {
  expect(() =>
    defineArchitecture({ ...plain, published: [{ name: "plane-4", source: "" }] }),
  ).toThrow(/lists "plane-4" as published, but its parse\(\) does not accept that name/);
});
