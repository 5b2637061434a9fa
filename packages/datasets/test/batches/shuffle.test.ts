import { expect, test } from "vitest";
import { shuffledOrder } from "../../src/batches/shuffle.ts";

test("shuffledOrder: every index exactly once", () => {
  const order = shuffledOrder(1000, 5, 2);
  expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 1000 }, (_, i) => i));
});

test("shuffledOrder: never changes", () => {
  // Recorded once; a run resumed with another release must see the same order.
  expect([...shuffledOrder(10, 0, 0)]).toEqual([7, 1, 9, 5, 6, 2, 4, 8, 0, 3]);
  expect([...shuffledOrder(10, 1, 7)]).toEqual([9, 4, 8, 0, 5, 6, 1, 3, 7, 2]);
});

test("shuffledOrder: seed and epoch both matter", () => {
  const orders = [
    [1, 1],
    [1, 2],
    [2, 1],
  ].map(([seed, epoch]) => shuffledOrder(100, seed!, epoch!).join());
  expect(new Set(orders).size).toBe(3);
});

test("shuffledOrder: every place is as likely for the first image", () => {
  const hits = new Uint32Array(5);
  for (let epoch = 0; epoch < 5000; epoch++) hits[shuffledOrder(5, 3, epoch).indexOf(0)]! += 1;
  // Five standard deviations of a binomial with n = 5000, p = 1/5.
  for (const count of hits) expect(Math.abs(count - 1000)).toBeLessThan(5 * 28.3);
});

test.each([0, 1])("shuffledOrder: %i images", (count) => {
  expect(shuffledOrder(count, 0, 0)).toHaveLength(count);
});
