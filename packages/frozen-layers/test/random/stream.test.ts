import { expect, test } from "vitest";
import { randomStream } from "../../src/index.ts";

test("randomStream: a longer request starts with the shorter one", () => {
  const long = randomStream(3, "stem/conv/kernel").normal(1001);
  const short = randomStream(3, "stem/conv/kernel").normal(10);
  expect(long.subarray(0, 10)).toEqual(short);
});

test("randomStream: seed and path both decide", () => {
  const base = randomStream(1, "a").words(4);
  expect(randomStream(2, "a").words(4)).not.toEqual(base);
  expect(randomStream(1, "b").words(4)).not.toEqual(base);
  expect(randomStream(1 + 2 ** 32, "a").words(4)).not.toEqual(base);
});

test("randomStream: uniform numbers lie in [0, 1) and are exact in float32", () => {
  const uniform = randomStream(7, "u").uniform(100_000);
  for (const u of uniform) {
    expect(u >= 0 && u < 1).toBe(true);
    expect(Math.fround(u)).toBe(u);
  }
  expect(uniform.reduce((sum, u) => sum + u, 0) / 100_000).toBeCloseTo(0.5, 2);
});

test("randomStream: normal numbers have mean 0, variance 1 and no skew", () => {
  const count = 400_000;
  const normal = randomStream(11, "n").normal(count);
  const moment = (k: number): number => normal.reduce((sum, z) => sum + z ** k, 0) / count;
  expect(moment(1)).toBeCloseTo(0, 2);
  expect(moment(2)).toBeCloseTo(1, 2);
  expect(Math.abs(moment(3))).toBeLessThan(0.02);
  expect(moment(4)).toBeCloseTo(3, 1);
});

test.each([-1, 0.5, Number.NaN, 2 ** 53])("randomStream: refuses the seed %d", (seed) => {
  expect(() => randomStream(seed, "x")).toThrow(/seed must be a whole number from 0 to 2\^53 - 1/);
});
