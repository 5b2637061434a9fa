import pc from "picocolors";
import { expect, test } from "vitest";
import { bar, stepLine } from "../../src/progress/bar.ts";

const plain = pc.createColors(false);
const progress = {
  epoch: 2,
  epochs: 4,
  stepInEpoch: 40,
  stepsPerEpoch: 79,
  loss: 2.0345,
  accuracy: 0.2812,
  imagesPerSecond: 176.4,
  secondsLeft: 125,
};

test("stepLine: 100 columns show everything behind a bar", () => {
  expect(stepLine(progress, 100, plain)).toBe(
    `${bar((1 + 40 / 79) / 4, 24, plain)} ` +
      "epoch 2/4 40/79  loss 2.034  acc 28.1 %  176 images/s  2 min 05 s left",
  );
});

test("stepLine: 77 columns have a short bar", () => {
  const line = stepLine(progress, 77, plain);
  expect(line).toHaveLength(77);
  expect(line).toMatch(/^━+─+ epoch 2\/4 .* left$/);
});

test("stepLine: 50 and 37 columns keep loss, accuracy, speed and time", () => {
  expect(stepLine(progress, 50, plain)).toMatch(
    /^━+─+ loss 2.03 {2}acc 28 % {2}176\/s {2}2 min 05 s$/,
  );
  expect(stepLine(progress, 37, plain)).toBe(
    `${bar((1 + 40 / 79) / 4, 6, plain)} loss 2.03 acc 28 % 176/s 2 min`,
  );
});

test.each([0, 1, 5, 12, 20, 30, 37, 60, 77, 200])("stepLine: never wider than %d", (width) => {
  const slow = { ...progress, epoch: 100, epochs: 160, secondsLeft: 360_000, loss: 1234.5 };
  for (const each of [progress, slow]) {
    expect(stepLine(each, width, plain).length).toBeLessThanOrEqual(width);
  }
});

test("bar: empty, half, full, and never more", () => {
  expect([0, 0.5, 1, 3].map((share) => bar(share, 4, plain))).toEqual([
    "────",
    "━━──",
    "━━━━",
    "━━━━",
  ]);
});
