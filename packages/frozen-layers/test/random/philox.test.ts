import { expect, test } from "vitest";
import { philox4x32 } from "../../src/random/philox.ts";

const hex = (words: Uint32Array): string =>
  [...words].map((word) => word.toString(16).padStart(8, "0")).join(" ");

// Known-answer vectors of Random123 1.09, tests/kat_vectors.
test.each([
  [[0, 0, 0, 0], [0, 0], "6627e8d5 e169c58d bc57ac4c 9b00dbd8"],
  [
    [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
    [0xffffffff, 0xffffffff],
    "408f276d 41c83b0e a20bc7c6 6d5451fd",
  ],
  [
    [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
    [0xa4093822, 0x299f31d0],
    "d16cfe09 94fdcceb 5001e420 24126ea1",
  ],
] as const)("philox4x32: counter %j, key %j", (counter, key, expected) => {
  const out = new Uint32Array(4);
  philox4x32(counter, key, out);
  expect(hex(out)).toBe(expected);
});

test("philox4x32: an odd number of blocks, and a counter that carries into its second word", () => {
  const long = new Uint32Array(20);
  philox4x32([0xffffffff, 7, 1, 2], [3, 4], long);
  const blocks = [
    [0xffffffff, 7],
    [0, 8],
    [1, 8],
    [2, 8],
    [3, 8],
  ] as const;
  blocks.forEach(([low, high], i) => {
    const one = new Uint32Array(4);
    philox4x32([low, high, 1, 2], [3, 4], one);
    expect(hex(long.subarray(4 * i, 4 * i + 4))).toBe(hex(one));
  });
});
