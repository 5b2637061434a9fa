import { beforeAll, expect, test } from "vitest";
import { disabledShare, gammaValues, histogram, useBackend } from "../../src/index.ts";
import { tinyNetwork } from "../support/tiny.ts";

beforeAll(async () => void (await useBackend("cpu")));

test("gammaValues: those of all layers, in the order in which they run", async () => {
  const network = tinyNetwork();
  const gammas = network.parameters.filter(({ role }) => role === "bn.gamma");
  const expected = gammas.flatMap(({ value }) => [...value.dataSync()]);
  expect(gammas[0]!.path).toBe("stem/bn/gamma");
  expect([...(await gammaValues(network))]).toEqual(expected);
  network.dispose();
});

test("disabledShare: below the threshold, not at it, whatever the sign", () => {
  const gamma = Float32Array.of(0, -0.25, 0.25, 0.5, -1, 0.125, -0.125, 2);
  expect(disabledShare(gamma, 0.25)).toBe(3 / 8);
  expect(disabledShare(gamma)).toBe(1 / 8);
  expect(disabledShare(new Float32Array(0))).toBe(0);
});

test("histogram: the last bin has its upper edge; what is outside, and NaN, is in none", () => {
  const values = Float32Array.of(0, 0.25, 0.5, 0.5, 1, 1.5, -0.5, NaN, Infinity);
  expect(histogram(values, { minimum: 0, maximum: 1, bins: 4 })).toEqual({
    edges: [0, 0.25, 0.5, 0.75, 1],
    counts: [1, 1, 2, 1],
  });
});
