import {
  batchNorm,
  conv2d,
  dense,
  flatten,
  Network,
  relu,
  residual,
  sequential,
} from "@bn-only/frozen-layers";
import { createNetwork } from "@bn-only/resnet-zoo";
import { memory } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";
import { foldNetwork, pruneNetwork, useBackend } from "../../src/index.ts";
import { bottlenecks } from "../support/bottlenecks.ts";
import { borders } from "../support/borders.ts";
import { chainsInChains } from "../support/chains-in-chains.ts";
import { denseNet } from "../support/dense-net.ts";
import { mobileNet } from "../support/mobile-net.ts";
import { asTrained, difference, logitsOf, setNumber, zeroGammas } from "../support/planted.ts";
import { tinyNetwork } from "../support/tiny.ts";

const ROUNDING = 1e-5;

beforeAll(async () => void (await useBackend("wasm")));

const zoo = (name: string, inputShape: [number, number, number]): Network =>
  createNetwork(name, { seed: 1, inputShape, classes: 10 });

/** Networks, how many BatchNorms fold and how many stay. */
const families: readonly [name: string, make: () => Network, folded: number, stay: number][] = [
  ["basic blocks", () => tinyNetwork(), 9, 0],
  ["bottlenecks behind a pooled stem", () => bottlenecks(1), 15, 0],
  // A DenseNet has its BatchNorms before the convolutions.
  ["a MobileNet with gates", () => mobileNet(1), 10, 1],
  ["cifar-vgg-11", () => zoo("cifar-vgg-11", [16, 16, 3]), 8, 0],
  // The first BatchNorm of each layer, those of the two transitions and the last stand before their convolutions.
  ["cifar-densenet-16-4", () => zoo("cifar-densenet-16-4", [16, 16, 3]), 6, 9],
  ["mobilenet-v2", () => zoo("mobilenet-v2", [32, 32, 3]), 52, 0],
  ["mlp-4-24", () => zoo("mlp-4-24", [8, 8, 3]), 3, 0],
  ["biases, depthwise convolutions and margins", () => borders(1), 6, 0],
  ["chains in chains, a gate with a BatchNorm", () => chainsInChains(1), 5, 0],
];

describe.each(families)("foldNetwork: %s", (_name, make, folded, stay) => {
  test("every BatchNorm in the convolution before it, and outputs equal", async () => {
    const network = make();
    asTrained(network, 5);
    const expected = logitsOf(network);
    const result = await foldNetwork(network);
    expect([result.folded, result.remaining.length]).toEqual([folded, stay]);
    expect(result.network.buffers).toHaveLength(2 * stay);
    expect(difference(expected, logitsOf(result.network))).toBeLessThan(ROUNDING);
    expect(logitsOf(network)).toEqual(expected);
    [network, result.network].forEach((one) => one.dispose());
  });

  test("after pruning, too", async () => {
    const network = make();
    asTrained(network, 6);
    zeroGammas(network, "", [0, 1, 5]);
    const pruned = await pruneNetwork(network);
    const result = await foldNetwork(pruned.network);
    expect(difference(logitsOf(network), logitsOf(result.network))).toBeLessThan(ROUNDING);
    [network, pruned.network, result.network].forEach((one) => one.dispose());
  });
});

describe("foldNetwork", () => {
  test("by hand: a 1x1 convolution with a bias", async () => {
    const layer = sequential({
      conv: conv2d({ inputChannels: 1, outputChannels: 1, kernelSize: 1, bias: true }),
      bn: batchNorm(1, { epsilon: 0.25 }),
      flat: flatten(),
    });
    const network = new Network({ name: "by-hand", layer, inputShape: [1, 1, 1], classes: 1 });
    const numbers = {
      "conv/kernel": 3,
      "conv/bias": 2,
      "bn/gamma": 4,
      "bn/beta": 5,
      "bn/mean": 1,
      "bn/variance": 3.75,
    };
    for (const [path, value] of Object.entries(numbers)) setNumber(network, path, 0, value);
    const { network: folded } = await foldNetwork(network);
    // scale = 4 / √4 = 2; 3 · 2 = 6, and 5 + (2 − 1) · 2 = 7.
    const values = folded.parameters.map(({ path, value }) => [path, value.dataSync()[0]]);
    expect(values).toEqual([
      ["conv/kernel", 6],
      ["conv/bias", 7],
    ]);
    [network, folded].forEach((one) => one.dispose());
  });

  test("a block at the end of another, where nothing can stand behind it, keeps its join", async () => {
    const block = residual({
      body: {
        conv: conv2d({ inputChannels: 3, outputChannels: 3, padding: 1 }),
        bn: batchNorm(3, { activation: "relu" }),
      },
    });
    const layer = sequential({
      outer: residual({ body: { relu: relu() }, shortcut: block }),
      flat: flatten(),
      norm: dense({ inputs: 48, outputs: 2 }),
      last: sequential({ conv: dense({ inputs: 2, outputs: 2 }) }),
    });
    const network = new Network({ name: "nested", layer, inputShape: [4, 4, 3], classes: 2 });
    await expect(foldNetwork(network)).rejects.toThrow(
      "foldNetwork: nested has no BatchNorm behind a convolution or dense layer. There is nothing to fold.",
    );
    network.dispose();
  });

  test("a DenseNet has nothing that could be folded", async () => {
    const network = denseNet(1);
    await expect(foldNetwork(network)).rejects.toThrow("There is nothing to fold.");
    network.dispose();
  });

  test("leaves no tensor but those of its network", async () => {
    const network = tinyNetwork();
    const before = memory().numTensors;
    const { network: folded } = await foldNetwork(network);
    folded.dispose();
    expect(memory().numTensors).toBe(before);
    network.dispose();
  });
});
