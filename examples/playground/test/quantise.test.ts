import { expect, test } from "vitest";
import { packBits, packedLength, unpackBits } from "../src/link/bits.ts";
import { dequantise, quantise } from "../src/link/quantise.ts";

test("quantise: every value is within half a level of itself, the ends are exact", () => {
  const values = Float32Array.from({ length: 500 }, (_, i) => Math.sin(i) * (1 + i / 100));
  for (const bits of [2, 4, 8, 12]) {
    const quantised = quantise(values, bits);
    const levels = dequantise(quantised, bits);
    const half = (quantised.high - quantised.low) / (2 ** bits - 1) / 2;
    values.forEach((value, i) =>
      expect(Math.abs(value - levels[i]!)).toBeLessThanOrEqual(half * 1.0001),
    );
    expect(levels).toContain(Math.max(...values));
    expect(levels).toContain(Math.min(...values));
  }
});

test("quantise: by hand, 2 bits from -1 to 2", () => {
  const quantised = quantise([-1, 0.4, 0.6, 2], 2);
  expect([...quantised.codes]).toEqual([0, 1, 2, 3]);
  expect([...dequantise(quantised, 2)]).toEqual([-1, 0, 1, 2]);
});

test("quantise: equal values stay what they are", () => {
  expect([...dequantise(quantise([0.5, 0.5], 8), 8)]).toEqual([0.5, 0.5]);
});

test("bits: codes come back, for every width", () => {
  for (let bits = 2; bits <= 16; bits++) {
    const codes = Uint16Array.from({ length: 101 }, (_, i) => (i * 7919) % 2 ** bits);
    const packed = packBits(codes, bits);
    expect(packed).toHaveLength(packedLength(101, bits));
    expect(unpackBits(packed, 101, bits)).toEqual(codes);
  }
});

test("bits: the first code lies in the lowest bits", () => {
  expect([...packBits([0b101, 0b011, 0b110], 3)]).toEqual([0b10_011_101, 0b1]);
});
