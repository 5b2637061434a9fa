import { expect, test } from "vitest";
import { inverseNormal, portableLog } from "../../src/random/normal.ts";

test("portableLog: within two units in the last place of Math.log", () => {
  for (let i = 1; i < 20_000; i++) {
    const x = (i * 0.731) ** 3 / 1e6;
    expect(Math.abs(portableLog(x) - Math.log(x))).toBeLessThanOrEqual(
      4.5e-16 * Math.max(1, Math.abs(Math.log(x))),
    );
  }
});

// Quantiles of the standard normal distribution to 16 digits, from mpmath 1.3.
test.each([
  [0.5, 0],
  [0.975, 1.959963984540054],
  [0.025, -1.959963984540054],
  [0.999, 3.090232306167813],
  [1e-10, -6.361340902404056],
])("inverseNormal: quantile %d", (probability, expected) => {
  expect(inverseNormal(probability)).toBeCloseTo(expected, 13);
});

test("inverseNormal: is odd and grows", () => {
  let previous = Number.NEGATIVE_INFINITY;
  for (let i = 1; i < 4096; i++) {
    const z = inverseNormal(i / 4096);
    expect(z).toBeGreaterThan(previous);
    expect(z).toBe(-inverseNormal(1 - i / 4096) + 0);
    previous = z;
  }
});
