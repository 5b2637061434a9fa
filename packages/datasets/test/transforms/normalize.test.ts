import { expect, test } from "vitest";
import { OptionError } from "../../src/errors.ts";
import {
  cifar10Normalization,
  imagenetNormalization,
  normalizationTable,
  normalizePixels,
} from "../../src/transforms/normalize.ts";

test("normalizationTable: (value / 255 - mean) / std with ImageNet's constants", () => {
  const table = normalizationTable(imagenetNormalization, 3);
  // Computed by hand: (0 - 0.485) / 0.229, (1 - 0.456) / 0.224, (51 / 255 - 0.406) / 0.225.
  expect(table[0]).toBeCloseTo(-2.1179039301, 6);
  expect(table[256 + 255]).toBeCloseTo(2.4285714286, 6);
  expect(table[512 + 51]).toBeCloseTo(-0.9155555556, 6);
});

test("normalizationTable: (0 - 0.4914) / 0.247 with CIFAR-10's constants", () => {
  expect(normalizationTable(cifar10Normalization, 3)[0]).toBeCloseTo(-1.9894736842, 6);
});

test.each([1, 2, 3])("normalizePixels: every channel uses its own constants (%i)", (channels) => {
  const mean = [0, 1, 2].slice(0, channels);
  const std = [1, 0.5, 0.25].slice(0, channels);
  const pixels = Uint8Array.from({ length: 2 * channels }, (_, i) => (i < channels ? 0 : 255));
  const target = new Float32Array(1 + 2 * channels).fill(9);
  normalizePixels(pixels, normalizationTable({ mean, std }, channels), target, 1);
  const expected = [[0, -2, -8].slice(0, channels), [1, 0, -4].slice(0, channels)].flat();
  expect([...target]).toEqual([9, ...expected]);
});

test.each([
  ["too few channels", { mean: [0], std: [1] }],
  ["zero std", { mean: [0, 0, 0], std: [1, 0, 1] }],
  ["NaN std", { mean: [0, 0, 0], std: [1, Number.NaN, 1] }],
  ["infinite mean", { mean: [0, Infinity, 0], std: [1, 1, 1] }],
])("normalizationTable: refuses %s", (_, normalization) => {
  expect(() => normalizationTable(normalization, 3)).toThrow(OptionError);
});
