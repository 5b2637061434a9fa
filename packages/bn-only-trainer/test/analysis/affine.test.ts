import { fill, tensor } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import {
  affineStatistics,
  deadChannels,
  foldNetwork,
  summarize,
  useBackend,
} from "../../src/index.ts";
import { tinyNetwork } from "../support/tiny.ts";

beforeAll(async () => void (await useBackend("cpu")));

test("summarize: by hand, quantiles as NumPy's", () => {
  // numpy.quantile([-2, 0, 1, 1, 5], [.05, .25, .5, .75, .95]) and numpy.std of the same.
  expect(summarize(Float32Array.of(5, 1, -2, 0, 1))).toEqual({
    count: 5,
    mean: 1,
    deviation: Math.sqrt(26 / 5),
    minimum: -2,
    maximum: 5,
    quantiles: [-1.6, 0, 1, 1, expect.closeTo(4.2, 12)],
    negative: 1 / 5,
  });
  expect(summarize(new Float32Array(0))).toBeUndefined();
});

test("affineStatistics: gammas that are all the same, and huge", async () => {
  const network = tinyNetwork({ batchNorm: "fixed" });
  for (const parameter of network.parameters.filter(({ role }) => role === "bn.gamma")) {
    parameter.set(fill([parameter.size], 1e20));
  }
  const { overall } = await affineStatistics(network, { bins: 2 });
  expect(overall.gamma!.histogram.counts).toEqual([0, overall.gamma!.count]);
  network.dispose();
});

test("affineStatistics: a table that was computed by hand", async () => {
  const network = tinyNetwork({ batchNorm: "fixed" });
  const set = (path: string, values: number[]): void => {
    const parameter = network.parameters.find((one) => one.path === path)!;
    const all = parameter.value.dataSync<"float32">().slice();
    all.set(values);
    parameter.set(tensor(all));
  };
  set("stem/bn/gamma", [0, 0.005, -0.005, 0.0625, -0.5]);
  set("stem/bn/beta", [-1, -2, 3]);
  set("stage1/block1/bn1/gamma", [0.03125]);
  const { overall, layers, thresholds } = await affineStatistics(network, {
    thresholds: [0.001, 0.01, 0.0625, 0.5],
    bins: 3,
  });
  expect(thresholds).toEqual([0.001, 0.01, 0.0625, 0.5]);
  expect(layers.map(({ path }) => path)).toEqual([
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
  expect(layers.map(({ depth }) => depth)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8].map((i) => i / 8));
  const [stem, first, second] = layers;
  // Of 16: 0 alone is below 0.001, ±0.005 below 0.01 too, and at 0.0625 nothing is below itself.
  expect(stem!.disabled).toEqual([1 / 16, 3 / 16, 3 / 16, 4 / 16]);
  expect(first!.disabled).toEqual([0, 0, 1 / 16, 1 / 16]);
  expect(second!.disabled).toEqual([0, 0, 0, 0]);
  expect(stem!.gamma!.negative).toBe(2 / 16);
  expect(stem!.beta!.negative).toBe(2 / 16);
  expect(stem!.beta!.mean).toBe(0);
  // 3 · 16 + 3 · 32 + 3 · 64 features.
  expect(overall.gamma!.count).toBe(336);
  // All but six gammas are 1; −0.5 to 0, 0 to 0.5 and 0.5 to 1.
  expect(overall.gamma!.histogram).toEqual({ edges: [-0.5, 0, 0.5, 1], counts: [2, 4, 330] });
  expect(stem!.gamma!.histogram.counts).toEqual([2, 3, 11]);
  expect(overall.disabled).toEqual([1, 3, 4, 5].map((count) => count / 336));
  network.dispose();
});

test("affineStatistics: a folded network has nothing to look at", async () => {
  const network = tinyNetwork();
  const { network: folded } = await foldNetwork(network);
  await expect(affineStatistics(folded)).rejects.toThrow("has neither gamma nor beta");
  await expect(affineStatistics(network, { thresholds: [0.1, 0.01] })).rejects.toThrow(
    "affineStatistics: thresholds must ascend, got 0.01 after 0.1. Sort them, and name each once.",
  );
  await expect(affineStatistics(network, { thresholds: [NaN] })).rejects.toThrow(
    "affineStatistics: threshold must be a number from 0, got NaN.",
  );
  network.parameters
    .find(({ path }) => path === "stem/bn/beta")!
    .set(tensor(new Float32Array(16).fill(NaN)));
  await expect(affineStatistics(network)).rejects.toThrow(
    '"stem/bn/beta" holds NaN, expected finite numbers.',
  );
  [network, folded].forEach((one) => one.dispose());
});

test("deadChannels: on all inputs, and on almost all", () => {
  const zeros = new Map([
    ["first", Float64Array.of(1, 0.995, 0.5, 0)],
    ["second", Float64Array.of(1, 1)],
  ]);
  const { overall, layers } = deadChannels(zeros);
  expect(layers.get("first")).toEqual({ channels: 4, zeros: 2.495 / 4, dead: 1, almostDead: 2 });
  expect(overall).toEqual({ channels: 6, zeros: 4.495 / 6, dead: 3, almostDead: 4 });
  expect(deadChannels(zeros, 0.5).overall.almostDead).toBe(5);
  expect(() => deadChannels(zeros, 0)).toThrow(
    "almost must be a number above 0 and up to 1, got 0",
  );
});
