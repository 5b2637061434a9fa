import { expect, test } from "vitest";
import { batchNormInitializers, randomStream, weightInitializers } from "../src/index.ts";

const request = (size: number, fanIn: number) => ({
  size,
  fanIn,
  stream: randomStream(5, "kernel"),
});
const deviation = (values: Float32Array): number => {
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  return Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length);
};

test("kaimingNormal: standard deviation √(2 / fanIn)", () => {
  const weights = weightInitializers.kaimingNormal(request(9 * 64 * 64, 9 * 64));
  expect(deviation(weights) / Math.sqrt(2 / (9 * 64))).toBeCloseTo(1, 2);
});

test("kaimingUniform: the same standard deviation, within ±√(6 / fanIn)", () => {
  const weights = weightInitializers.kaimingUniform(request(9 * 64 * 64, 9 * 64));
  const bound = Math.sqrt(6 / (9 * 64));
  expect(deviation(weights) / Math.sqrt(2 / (9 * 64))).toBeCloseTo(1, 2);
  expect(Math.max(...weights.map(Math.abs))).toBeLessThanOrEqual(bound);
});

test("binary: two values, ± the standard deviation of the normal weights", () => {
  const weights = weightInitializers.binary(request(9 * 16 * 16, 9 * 16));
  const values = [...new Set(weights)].sort((a, b) => a - b);
  expect(values).toHaveLength(2);
  expect(values[0]).toBe(-values[1]!);
  expect(values[1]! / Math.sqrt(2 / (9 * 16))).toBeCloseTo(1, 1);
});

test.each([
  [9 * 4, 16],
  [8, 32],
])("orthogonal: a kernel of %d inputs and %d outputs is semi-orthogonal", (fanIn, outputs) => {
  const weights = weightInitializers.orthogonal(request(fanIn * outputs, fanIn));
  const rows = outputs <= fanIn ? outputs : fanIn;
  const length = outputs <= fanIn ? fanIn : outputs;
  const at = (row: number, i: number): number =>
    weights[outputs <= fanIn ? i * outputs + row : row * outputs + i]!;
  for (let a = 0; a < rows; a++) {
    for (let b = 0; b < rows; b++) {
      let dot = 0;
      for (let i = 0; i < length; i++) dot += at(a, i) * at(b, i);
      expect(dot).toBeCloseTo(a === b ? 1 : 0, 6);
    }
  }
});

test.each([
  ["uniform", 0, 1, 0],
  ["fixed", 1, 1, 0],
  ["oneOne", 1, 1, 1],
  ["positiveNegative", -1, 1, 0],
] as const)("batchNorm init %s: gamma from %d to %d, beta %d", (name, minimum, maximum, beta) => {
  const gamma = batchNormInitializers[name].gamma(1000, randomStream(5, "gamma"));
  expect(Math.min(...gamma)).toBeGreaterThanOrEqual(minimum);
  expect(Math.max(...gamma)).toBeLessThanOrEqual(maximum);
  expect(Math.max(...gamma) - Math.min(...gamma)).toBeCloseTo(maximum - minimum, 1);
  expect([...new Set(batchNormInitializers[name].beta(1000))]).toEqual([beta]);
});
