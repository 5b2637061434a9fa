import { expect, test } from "vitest";
import { histogram } from "../src/view/histogram.ts";
import { ticks } from "../src/view/plot.ts";

test("histogram: edges belong to the upper bin, the last one to the last bin", () => {
  expect(histogram([0, 0.24, 0.25, 0.5, 1], 0, 1, 4)).toEqual([2, 1, 1, 1]);
});

test("histogram: what is outside or no number is left out", () => {
  expect(histogram([-0.1, 1.1, Number.NaN, 0.5], 0, 1, 2)).toEqual([0, 1]);
});

test("ticks: round numbers inside the domain", () => {
  expect(ticks([0, 12], 6)).toEqual([0, 2, 4, 6, 8, 10, 12]);
  expect(ticks([0, 1], 4)).toEqual([0, 0.5, 1]);
  expect(ticks([-0.25, 1.5], 6).map((tick) => Number(tick.toFixed(6)))).toEqual([0, 0.5, 1, 1.5]);
});
