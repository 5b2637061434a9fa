import { expect, test } from "vitest";
import { CHUNK, normalNumbers } from "../../src/random/normal.ts";

function normalOf(...words: readonly number[]): number[] {
  const out = new Float64Array(words.length);
  normalNumbers(Uint32Array.from(words), words.length, 1, out);
  return [...out];
}

// Python's statistics.NormalDist().inv_cdf((word + 0.5) / 2**32), and its relative error.
test.each([
  [0x7fffffff, -2.9180993729166234e-10],
  [0xf9999999, 1.9599639841416792],
  [0x06666666, -1.9599639841416792],
  [0xffbe76c8, 3.0902322920614345],
  [0, -6.337957754553789],
])("normalNumbers: of the word %d", (word, expected) => {
  const [z] = normalOf(word);
  expect(Math.abs(z! / expected - 1)).toBeLessThan(1e-15);
});

test("normalNumbers: is odd and grows", () => {
  let previous = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < 4096; i++) {
    const word = i * 1048576 + ((i * 7919) % 1048576);
    const [z, mirrored] = normalOf(word, ~word >>> 0);
    expect(z).toBeGreaterThan(previous);
    expect(z).toBe(-mirrored!);
    previous = z!;
  }
});

test("normalNumbers: chunks of every mixture of the two cases", () => {
  const words = Uint32Array.from({ length: CHUNK }, (_, i) => (i % 3 === 0 ? i : 0x8000_0000 + i));
  const out = new Float64Array(CHUNK);
  normalNumbers(words, CHUNK, 1, out);
  words.forEach((word, i) => expect(out[i]).toBe(normalOf(word)[0]));
});
