import { expect, test } from "vitest";
import { cropWithPadding } from "../../src/transforms/crop.ts";

const image = Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8, 9]);

test.each([
  ["in place", 1, 1, [1, 2, 3, 4, 5, 6, 7, 8, 9]],
  ["down and right", 0, 0, [0, 0, 0, 0, 1, 2, 0, 4, 5]],
  ["up and left", 2, 2, [5, 6, 0, 8, 9, 0, 0, 0, 0]],
  ["down and left", 0, 2, [0, 0, 0, 2, 3, 0, 5, 6, 0]],
])("cropWithPadding: moves the image %s", (_, top, left, expected) => {
  const target = new Uint8Array(9).fill(77);
  cropWithPadding(image, [3, 3, 1], 1, top, left, target);
  expect([...target]).toEqual(expected);
});

test("cropWithPadding: padding larger than the image leaves only black", () => {
  const target = new Uint8Array(9).fill(77);
  cropWithPadding(image, [3, 3, 1], 4, 0, 4, target);
  expect([...target]).toEqual(Array(9).fill(0));
});
