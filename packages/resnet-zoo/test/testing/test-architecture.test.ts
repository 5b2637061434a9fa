import "@tensorflow/tfjs-backend-cpu";
import { batchNorm, defineLayer, type Network, sequential } from "@bn-only/frozen-layers";
import { checkGradients } from "@bn-only/frozen-layers/conformance";
import { clone, memory, mul, setBackend, type Tensor } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";
import { cifarResNet, createNetwork, type Architecture, ZooError } from "../../src/index.ts";
import { testArchitecture } from "../../src/testing/test-architecture.ts";

beforeAll(async () => void (await setBackend("cpu")));

const expected = {
  valid: ["cifar-resnet-8", "cifar-resnet-14-2"],
  invalid: ["cifar-resnet-9", "cifar-resnet-", "cifar-resnet-8-0"],
  // Counted in test/counts.test.ts.
  counts: { "cifar-resnet-14": { total: 175_258, batchNorm: 1120 } },
  tiny: { name: "cifar-resnet-8", inputShape: [16, 16, 3], classes: 3 },
} as const;

describe("an architecture of ours passes", () => {
  testArchitecture(test, cifarResNet, expected);
});

function registered(architecture: Architecture, other: object = {}) {
  const tests = new Map<string, () => Promise<void>>();
  testArchitecture((name, run) => tests.set(name, run), architecture, { ...expected, ...other });
  return tests;
}

const named = (tests: Map<string, () => Promise<void>>, part: string) =>
  [...tests].find(([name]) => name.includes(part))![1]();

const resnet = cifarResNet as Architecture;

test("a count, a name and a stranger that are not as expected fail", async () => {
  const wrong = { counts: { "cifar-resnet-14": { total: 1, batchNorm: 1120 } } };
  await expect(named(registered(resnet, wrong), "parameters")).rejects.toThrow(
    "testArchitecture: cifar-resnet-14 has 175258 parameters, expected 1.",
  );
  await expect(
    named(registered(resnet, { valid: ["vgg-11"] }), "names are parsed"),
  ).rejects.toThrow("testArchitecture: parse() refuses vgg-11.");
  await expect(
    named(registered(resnet, { invalid: ["cifar-resnet-8"] }), "names are parsed"),
  ).rejects.toThrow("parse() takes cifar-resnet-8");
});

/** As `sequential({ bn, rest })`, with a first layer of three channels that does something wrong. */
function spoilt(wrong: (gradient: Tensor) => Tensor): Architecture {
  const layer = () =>
    defineLayer<undefined>({
      kind: "spoilt",
      outline: (inputShape) => ({ outputShape: inputShape, macs: 0 }),
      forward: (input) => ({ output: input, saved: undefined }),
      backward: (_, gradient) => wrong(gradient),
    });
  return {
    ...resnet,
    build: (configuration, options) =>
      sequential({
        before: batchNorm(options.inputShape[2]),
        spoilt: layer(),
        rest: resnet.build(configuration, options),
      }),
  };
}

const small = { tiny: { name: "cifar-resnet-8", inputShape: [8, 8, 1], classes: 2 } };

const times = (factor: number) =>
  spoilt((gradient) => {
    const wrong = mul(gradient, factor);
    gradient.dispose();
    return wrong;
  });

test("a layer with a wrong gradient, and one that leaks, fail", async () => {
  await named(registered(times(1), small), "gradients");
  const doubled = named(registered(times(2), small), "gradients");
  await expect(doubled).rejects.toThrow(ZooError);
  await expect(doubled).rejects.toThrow(/the gradient of before\/\w+ is off by/);
  const leaking = spoilt((gradient) => clone(gradient));
  await expect(named(registered(leaking, small), "gradients")).rejects.toThrow("tensors leaked");
});

test("a backward that throws leaves no tensor", async () => {
  const before = memory().numTensors;
  const throwing = spoilt(() => {
    throw new Error("the layer broke");
  });
  const tested = named(registered(throwing, small), "gradients");
  await expect(tested).rejects.toThrow("the layer broke");
  expect(memory().numTensors).toBe(before);
});

test("a gradient that is not a number fails, though those of later layers are right", async () => {
  await expect(named(registered(times(NaN), small), "gradients")).rejects.toThrow(
    /the gradient of before\/\w+ is off by Infinity/,
  );
});

// Between layers of 32 with three images most steps along one direction cross a ReLU's kink.
function perceptron(seed: number): Network {
  const network = createNetwork("mlp-3-32", { inputShape: [4, 4, 1], classes: 3, seed });
  network.setTrainable("bn");
  return network;
}

test.each([0, 1, 2, 3, 4, 5])("right gradients pass next to kinks: seed %i", async (seed) => {
  const network = perceptron(seed);
  expect((await checkGradients(network)).error).toBeLessThan(0.05);
  network.dispose();
});

test.each([0, 1, 2, 3, 4, 5])(
  "one that is off by a fifth is found there: seed %i",
  async (seed) => {
    const network = perceptron(seed);
    const { layer } = network;
    const spoiling = {
      ...layer,
      backward(...args: Parameters<typeof layer.backward>) {
        const result = layer.backward(...args);
        const { gradients } = args[2];
        const [parameter, gradient] = [...gradients].find(
          ([{ path }]) => path === "layer1/bn/gamma",
        )!;
        gradients.set(parameter, mul(gradient, 1.2));
        gradient.dispose();
        return result;
      },
    };
    const planted = Object.create(network, {
      layer: { value: spoiling },
      trainable: { value: network.trainable },
      disposed: { value: false },
    }) as Network;
    const { error, parameter } = await checkGradients(planted);
    expect(parameter).toBe("layer1/bn/gamma");
    expect(error).toBeGreaterThan(0.05);
    network.dispose();
  },
);
