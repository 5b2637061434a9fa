import { expect, test } from "vitest";
import { wholePower } from "../../src/exact/whole-power.ts";

// Exact fractions, rounded by Python: float(Fraction(base) ** exponent).
test.each([
  [0.9, 0, 1],
  [0.9, 1, 0.9],
  [0.9, 2, 0.81],
  [0.999, 1000, 0.36769542477096373],
  [0.999, 100_000, 3.5385276883431275e-44],
  [2, 52, 4503599627370496],
  [0.1, 3, 0.001],
  [0, 5, 0],
  [0.5, 2000, 0],
])("wholePower: %d to the power of %d", (base, exponent, expected) => {
  const power = wholePower(base, exponent);
  expect(Math.abs(power - expected)).toBeLessThanOrEqual(exponent * 1.2e-16 * expected);
});
