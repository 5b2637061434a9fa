import { expect, test } from "vitest";
import { philox4x32 } from "../../src/random/philox.ts";
import { boundedInteger, randomStream } from "../../src/random/stream.ts";

// Known answers of the reference implementation, Random123 `kat_vectors`, philox4x32 with 10 rounds.
test.each([
  [
    [0, 0],
    [0, 0, 0, 0],
    [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
  ],
  [
    [0xffffffff, 0xffffffff],
    [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
    [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
  ],
  [
    [0xa4093822, 0x299f31d0],
    [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
    [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
  ],
] as const)("philox4x32: key %j, counter %j gives the published words", (key, counter, words) => {
  const out = new Uint32Array(4);
  philox4x32(key, counter, out);
  expect([...out]).toEqual([...words]);
});

test("randomStream: seeds that differ above bit 31 give other words", () => {
  const words = [5, 5 + 2 ** 32].map((seed) => {
    const out = new Uint32Array(4);
    randomStream(seed, "order", 0).read(0, out);
    return out.join();
  });
  expect(words[0]).not.toBe(words[1]);
});

test("boundedInteger: the smallest and the largest word map to the ends of the range", () => {
  expect(boundedInteger(0, 9)).toBe(0);
  expect(boundedInteger(0xffffffff, 9)).toBe(8);
});
