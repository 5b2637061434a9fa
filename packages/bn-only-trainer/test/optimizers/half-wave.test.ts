import { expect, test } from "vitest";
import { halfWave } from "../../src/schedules/half-wave.ts";

test.each([
  [0, 1],
  [1 / 3, 0.75],
  [0.5, 0.5],
  [2 / 3, 0.25],
  [1, 0],
])("halfWave: at %d", (t, expected) => {
  expect(Math.abs(halfWave(t) - expected)).toBeLessThan(2.3e-16);
});

test("halfWave: falls, and is what this engine's cosine gives to rounding", () => {
  let before = 1;
  for (let i = 1; i <= 10_000; i++) {
    const value = halfWave(i / 10_000);
    expect(value).toBeLessThanOrEqual(before);
    expect(Math.abs(value - (1 + Math.cos((Math.PI * i) / 10_000)) / 2)).toBeLessThan(4.5e-16);
    before = value;
  }
});
