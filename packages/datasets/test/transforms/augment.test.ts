import { expect, test } from "vitest";
import { augmentations, augmentImage } from "../../src/transforms/augment.ts";

test("augmentImage: flips first, then crops", () => {
  const image = Uint8Array.from({ length: 16 }, (_, i) => i + 1);
  const target = new Uint8Array(16);
  // Flipped rows are 4 3 2 1, ...; the window starts one row and one column above and left of it.
  augmentImage(image, [4, 4, 1], { flip: true, top: 3, left: 3 }, new Uint8Array(16), target);
  expect([...target]).toEqual([0, 0, 0, 0, 0, 4, 3, 2, 0, 8, 7, 6, 0, 12, 11, 10]);
});

test("augmentImage: leaves the source image alone", () => {
  const image = Uint8Array.from([1, 2, 3, 4]);
  augmentImage(
    image,
    [2, 2, 1],
    { flip: true, top: 0, left: 0 },
    new Uint8Array(4),
    new Uint8Array(4),
  );
  expect([...image]).toEqual([1, 2, 3, 4]);
});

test("augmentations: an image draws the same in any order", () => {
  const forwards = augmentations(7, 3);
  const backwards = augmentations(7, 3);
  const first = Array.from({ length: 50 }, (_, i) => forwards(i));
  const second = Array.from({ length: 50 }, (_, i) => backwards(49 - i)).toReversed();
  expect(second).toEqual(first);
});

test("augmentations: seed and epoch both matter", () => {
  const draws = [augmentations(7, 3), augmentations(8, 3), augmentations(7, 4)].map((draw) =>
    JSON.stringify(Array.from({ length: 20 }, (_, i) => draw(i))),
  );
  expect(new Set(draws).size).toBe(3);
});

test("augmentations: half are flipped and every offset from 0 to 8 is as likely", () => {
  const count = 9000;
  const draw = augmentations(1, 0);
  const drawn = Array.from({ length: count }, (_, i) => draw(i));
  const flips = drawn.filter(({ flip }) => flip).length;
  // Five standard deviations: sqrt(9000 / 4) = 47, sqrt(9000 * 8 / 81) = 30.
  expect(Math.abs(flips - count / 2)).toBeLessThan(5 * 47);
  for (const side of ["top", "left"] as const) {
    for (let offset = 0; offset <= 8; offset++) {
      const hits = drawn.filter((augmentation) => augmentation[side] === offset).length;
      expect(Math.abs(hits - 1000)).toBeLessThan(5 * 30);
    }
  }
});
