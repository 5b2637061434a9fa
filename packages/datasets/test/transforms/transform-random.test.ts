import { expect, test } from "vitest";
import { cifarAugmentation } from "../../src/transforms/cifar-augmentation.ts";
import { pipeline } from "../../src/transforms/pipeline.ts";
import { transformRandom } from "../../src/transforms/transform-random.ts";

const take = (seed: number, epoch: number, index: number, count = 10): number[] => {
  const random = transformRandom(seed, epoch)(index);
  return Array.from({ length: count }, () => random.word());
};

test("transformRandom: an image draws the same in any order", () => {
  const randomOf = transformRandom(7, 3);
  const backwards = Array.from({ length: 50 }, (_, i) => randomOf(49 - i).word()).toReversed();
  expect(backwards).toEqual(Array.from({ length: 50 }, (_, i) => take(7, 3, i, 1)[0]));
});

test("transformRandom: seed, epoch and index all matter, and no word comes twice", () => {
  const words = [take(7, 3, 0), take(8, 3, 0), take(7, 4, 0), take(7, 3, 1)].flat();
  expect(new Set(words).size).toBe(40);
});

test.each([Number.NaN, 0, -1, 1.5])("transformRandom: integer(%d) is refused", (bound) => {
  const random = transformRandom(7, 3)(0);
  expect(() => random.integer(bound)).toThrow(
    `random.integer: bound: expected an integer at least 1, got ${bound}.`,
  );
  expect(random.integer(1)).toBe(0);
});

test("cifarAugmentation: half are flipped and every offset from 0 to 8 is as likely", () => {
  const count = 9000;
  // Pixel (y, x) of 12x12 holds its own number, so that the middle of the result tells what was done.
  const shape = [12, 12, 1] as const;
  const pixels = Uint8Array.from({ length: 144 }, (_, i) => i + 1);
  const augment = pipeline(cifarAugmentation);
  const randomOf = transformRandom(1, 0);
  let flips = 0;
  const hits = { top: new Uint32Array(9), left: new Uint32Array(9) };
  for (let index = 0; index < count; index++) {
    const result = augment({ pixels, shape }, randomOf(index)).pixels;
    const [here, right] = [result[5 * 12 + 5]! - 1, result[5 * 12 + 6]! - 1];
    const flipped = right < here;
    if (flipped) flips++;
    const column = flipped ? 11 - (here % 12) : here % 12;
    hits.top[Math.floor(here / 12) - 1]! += 1;
    hits.left[column - 1]! += 1;
  }
  // Five standard deviations: sqrt(9000 / 4) = 47, sqrt(9000 * 8 / 81) = 30.
  expect(Math.abs(flips - count / 2)).toBeLessThan(5 * 47);
  for (const hit of [...hits.top, ...hits.left]) {
    expect(Math.abs(hit - 1000)).toBeLessThan(5 * 30);
  }
});
