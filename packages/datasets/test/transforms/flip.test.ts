import { expect, test } from "vitest";
import { flipHorizontally } from "../../src/transforms/flip.ts";

test("flipHorizontally: mirrors columns and keeps channels together", () => {
  const image = Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  const target = new Uint8Array(12);
  flipHorizontally(image, [2, 3, 2], target);
  expect([...target]).toEqual([5, 6, 3, 4, 1, 2, 11, 12, 9, 10, 7, 8]);
});
