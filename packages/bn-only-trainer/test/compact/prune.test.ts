import { type Network, randomStream } from "@bn-only/frozen-layers";
import { createNetwork } from "@bn-only/resnet-zoo";
import { memory, tensor } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";
import { type Pruned, pruneNetwork, useBackend } from "../../src/index.ts";
import { bottlenecks } from "../support/bottlenecks.ts";
import { borders } from "../support/borders.ts";
import { chainsInChains } from "../support/chains-in-chains.ts";
import { denseNet } from "../support/dense-net.ts";
import { mobileNet } from "../support/mobile-net.ts";
import { normalizedImages } from "../support/normalized-images.ts";
import { asTrained, difference, logitsOf, setNumber, zeroGammas } from "../support/planted.ts";
import { tinyNetwork } from "../support/tiny.ts";

/** Float32, over ten layers. */
const ROUNDING = 1e-5;

beforeAll(async () => void (await useBackend("wasm")));

const zoo = (name: string, inputShape: [number, number, number]): Network =>
  createNetwork(name, { seed: 1, inputShape, classes: 10 });

const families: Readonly<Record<string, () => Network>> = {
  "basic blocks": () => tinyNetwork(),
  "bottlenecks behind a pooled stem": () => bottlenecks(1),
  "a DenseNet": () => denseNet(1),
  "a MobileNet with gates": () => mobileNet(1),
  "depthwise convolutions, means and margins": () => borders(1),
  "a BatchNorm on the images": () => normalizedImages(1),
  "cifar-vgg-11": () => zoo("cifar-vgg-11", [16, 16, 3]),
  "cifar-densenet-16-4": () => zoo("cifar-densenet-16-4", [16, 16, 3]),
  "mobilenet-v2": () => zoo("mobilenet-v2", [32, 32, 3]),
  "mlp-4-24": () => zoo("mlp-4-24", [8, 8, 3]),
  "chains in chains, a gate with a BatchNorm": () => chainsInChains(1),
};

describe.each(Object.entries(families))("pruneNetwork: %s", (_name, make) => {
  test("every BatchNorm with planted zeros: outputs equal, and what was removed was", async () => {
    const network = make();
    asTrained(network, 5);
    zeroGammas(network, "", [0, 3, 4, 6]);
    const expected = logitsOf(network);
    const { network: pruned, layers } = await pruneNetwork(network);
    expect(difference(expected, logitsOf(pruned))).toBeLessThan(ROUNDING);
    expect(logitsOf(network)).toEqual(expected);
    expect(layers.some(({ before, after }) => after < before)).toBe(true);
    expect(pruned.macs).toBeLessThan(network.macs);
    [network, pruned].forEach((one) => one.dispose());
  });

  test("without zeros the network stays what it is", async () => {
    const network = make();
    asTrained(network, 6);
    const { network: pruned, layers } = await pruneNetwork(network);
    expect(layers.filter(({ before, after }) => before !== after)).toEqual([]);
    expect(logitsOf(pruned)).toEqual(logitsOf(network));
    [network, pruned].forEach((one) => one.dispose());
  });

  test("with every gamma at zero each layer keeps a channel, and the output is the constant", async () => {
    const network = make();
    asTrained(network, 7);
    zeroGammas(
      network,
      "",
      Array.from({ length: 256 }, (_, i) => i),
    );
    const expected = logitsOf(network);
    const { network: pruned, layers } = await pruneNetwork(network);
    expect(difference(expected, logitsOf(pruned))).toBeLessThan(ROUNDING);
    for (const { after } of layers) expect(after).toBeGreaterThanOrEqual(1);
    [network, pruned].forEach((one) => one.dispose());
  });
});

describe("pruneNetwork", () => {
  test("basic block: channels inside go, constants of either sign, at borders too", async () => {
    const network = tinyNetwork();
    asTrained(network, 1);
    // Only conv1 of stage 2: its features are read by conv2, which has a margin, and by nothing else.
    zeroGammas(network, "stage2/block1/bn1", [2, 5, 7, 11, 30]);
    setNumber(network, "stage2/block1/bn1/beta", 2, 0.75);
    setNumber(network, "stage2/block1/bn1/beta", 5, 0.5);
    for (const dead of [7, 11, 30]) setNumber(network, "stage2/block1/bn1/beta", dead, -0.25);
    const pruned = await checked(network);
    // Channel 2 speaks for 5; the dead ones leave nothing.
    expect(changed(pruned)).toEqual({ "stage2/block1/conv1": [32, 28] });
    // 4 channels less of 9 · 16 inputs before and 9 · 32 outputs behind, on 4x4 pixels.
    expect(network.macs - pruned.network.macs).toBe(4 * 16 * 9 * (16 + 32));
  });

  test("join: a channel goes only where all that is added is constant", async () => {
    const network = tinyNetwork();
    asTrained(network, 2);
    // Stage 2 adds bn2 and the shortcut: channel 3 is constant in both, 4 in bn2 alone, 5 in the shortcut alone.
    zeroGammas(network, "stage2/block1/bn2", [3, 4]);
    zeroGammas(network, "stage2/block1/shortcut/bn", [3, 5]);
    setNumber(network, "stage2/block1/bn2/beta", 3, 1);
    setNumber(network, "stage2/block1/shortcut/bn/beta", 3, -1.5);
    const pruned = await checked(network);
    // relu(1 − 1.5) is 0, so nothing needs to speak for it.
    expect(changed(pruned)).toEqual({
      "stage2/block1/conv2": [32, 31],
      "stage2/block1/shortcut/conv": [32, 31],
    });
  });

  test("a stream with an identity shortcut: the constant differs from block to block", async () => {
    const network = bottlenecks(2);
    asTrained(network, 3);
    for (const end of ["stage1/block1/bn3", "stage1/block1/shortcut/bn", "stage1/block2/bn3"]) {
      zeroGammas(network, end, [0, 9]);
      setNumber(network, `${end}/beta`, 0, 0.3);
      setNumber(network, `${end}/beta`, 9, 0.2);
    }
    const pruned = await checked(network);
    // What reads the stream are 1x1 convolutions without a margin: both constants go into running means.
    expect(changed(pruned)).toEqual({
      "stage1/block1/conv3": [32, 30],
      "stage1/block1/shortcut/conv": [32, 30],
      "stage1/block2/conv3": [32, 30],
    });
  });

  test("pooled stem and head: the constant goes through the pool, and into the head's bias", async () => {
    const network = bottlenecks(3);
    asTrained(network, 4);
    zeroGammas(network, "stem/bn", [1, 2]);
    for (const end of ["stage2/block1/bn3", "stage2/block1/shortcut/bn", "stage2/block2/bn3"]) {
      zeroGammas(network, end, [40]);
    }
    const pruned = await checked(network);
    expect(changed(pruned)).toEqual({
      "stem/conv": [8, 6],
      "stage2/block1/conv3": [64, 63],
      "stage2/block1/shortcut/conv": [64, 63],
      "stage2/block2/conv3": [64, 63],
    });
  });

  test("a depthwise convolution: only where its own BatchNorm switches off, or zeros come in", async () => {
    const network = mobileNet(2);
    asTrained(network, 5);
    zeroGammas(network, "block1/bn1", [0, 1, 2]);
    setNumber(network, "block1/bn1/beta", 0, 0.5);
    setNumber(network, "block1/bn1/beta", 1, -0.5);
    const pruned = await checked(network);
    // The gate behind reads all channels, so all of them stay.
    expect(changed(pruned)).toEqual({});
  });

  test("depthwise: a constant goes where it is zero, or where the next BatchNorm switches it off", async () => {
    const network = borders(2);
    asTrained(network, 6);
    zeroGammas(network, "inverted/bn1", [0, 1, 2, 3]);
    zeroGammas(network, "inverted/bn2", [2, 3, 4]);
    for (const [at, beta] of [0.5, -0.5, 0.5, -0.5].entries()) {
      setNumber(network, "inverted/bn1/beta", at, beta);
    }
    setNumber(network, "inverted/bn2/beta", 4, 0.5);
    const pruned = await checked(network);
    // Channel 0 varies at the border, behind its margin; 1 is zero; 2, 3 and 4 are constants behind bn2.
    expect(changed(pruned)).toEqual({ "inverted/expand": [16, 12] });
  });

  test("means with a margin: a constant varies behind them, and zeros stay zeros", async () => {
    const network = borders(3);
    asTrained(network, 7);
    // The stem's BatchNorm and that of the block's join; `bn` alone would end other paths, too.
    for (const parameter of network.parameters) {
      if (!["bn/gamma", "inverted/bn3/gamma"].includes(parameter.path)) continue;
      for (const channel of [1, 2]) setNumber(network, parameter.path, channel, 0);
    }
    for (const [at, beta] of [
      [1, 0.5],
      [2, 0],
    ] as const) {
      setNumber(network, "bn/beta", at, beta);
      setNumber(network, "inverted/bn3/beta", at, beta);
    }
    const pruned = await checked(network);
    expect(changed(pruned)).toEqual({ stem: [8, 7], "inverted/project": [8, 7] });
  });

  test.each([1, 2, 3, 4, 5, 6])("other zeros in every layer: seed %i", async (seed) => {
    for (const make of Object.values(families)) {
      const network = make();
      asTrained(network, seed);
      for (const { path, role, size } of network.parameters) {
        if (role !== "bn.gamma") continue;
        const chosen = randomStream(seed, `zeros/${path}`).uniform(size);
        const channels = Array.from({ length: size }, (_, i) => i);
        const ends = path.replace(/\/gamma$/, "");
        zeroGammas(
          network,
          ends,
          channels.filter((i) => chosen[i]! < seed / 7),
        );
      }
      expect((await checked(network)).layers.length).toBeGreaterThan(2);
    }
  });

  test("a threshold: the network with those gammas at zero, and nothing else", async () => {
    const network = tinyNetwork();
    asTrained(network, 8);
    const pruned = await pruneNetwork(network, { threshold: 0.25 });
    const zeroed = tinyNetwork();
    asTrained(zeroed, 8);
    for (const parameter of zeroed.parameters.filter(({ role }) => role === "bn.gamma")) {
      const values = parameter.value.dataSync<"float32">();
      parameter.set(tensor(values.map((value) => (Math.abs(value) < 0.25 ? 0 : value))));
    }
    expect(difference(logitsOf(zeroed), logitsOf(pruned.network))).toBeLessThan(ROUNDING);
    expect(difference(logitsOf(network), logitsOf(pruned.network))).toBeGreaterThan(0.001);
    [network, zeroed, pruned.network].forEach((one) => one.dispose());
  });

  test("a multiple: each layer keeps as many channels as kernels like", async () => {
    const network = tinyNetwork();
    asTrained(network, 1);
    zeroGammas(network, "stage2/block1/bn1", [2, 5, 7, 11, 30]);
    zeroGammas(network, "stage3/block1/bn1", [1]);
    const pruned = await pruneNetwork(network, { multiple: 8 });
    expect(difference(logitsOf(network), logitsOf(pruned.network))).toBeLessThan(ROUNDING);
    expect(changed(pruned)).toEqual({});
    const four = await pruneNetwork(network, { multiple: 4 });
    expect(difference(logitsOf(network), logitsOf(four.network))).toBeLessThan(ROUNDING);
    // 27 or 28 have to stay of the 32, and 63 of the 64.
    expect(changed(four)).toEqual({ "stage2/block1/conv1": [32, 28] });
    [network, pruned.network, four.network].forEach((one) => one.dispose());
  });

  test("leaves no tensor but those of its network", async () => {
    const network = tinyNetwork();
    const before = memory().numTensors;
    const { network: pruned } = await pruneNetwork(network);
    pruned.dispose();
    expect(memory().numTensors).toBe(before);
    network.dispose();
  });
});

async function checked(network: Network): Promise<Pruned> {
  const expected = logitsOf(network);
  const pruned = await pruneNetwork(network);
  expect(difference(expected, logitsOf(pruned.network))).toBeLessThan(ROUNDING);
  [network, pruned.network].forEach((one) => one.dispose());
  return pruned;
}

/** Layers that have fewer outputs now, with how many they had and have. */
function changed({ layers }: Pruned): Record<string, [number, number]> {
  return Object.fromEntries(
    layers
      .filter(({ before, after }) => before !== after)
      .map(({ path, before, after }) => [path, [before, after]]),
  );
}
