import { expect, test } from "vitest";
import { CurveRecorder } from "../src/worker/curve.ts";

test("curve: a long run keeps few points, and their mean", () => {
  const recorder = new CurveRecorder();
  for (let i = 0; i < 6400; i++) recorder.addStep(i, i, 1);
  const { at, loss, accuracy } = recorder.curves.train;
  expect(at.length).toBeLessThan(400);
  expect(at.length).toBeGreaterThanOrEqual(200);
  expect(accuracy.every((value) => value === 1)).toBe(true);
  expect(loss).toEqual(at);
  const mean = loss.reduce((sum, value) => sum + value, 0) / loss.length;
  expect(Math.abs(mean - 6399 / 2)).toBeLessThan(16);
});

test("curve: one that was kept goes on", () => {
  const first = new CurveRecorder();
  first.addStep(1, 2, 3);
  first.addEpoch(4, 5, 6);
  const second = CurveRecorder.of(first.curves);
  second.addStep(2, 3, 4);
  expect(second.curves).toEqual({
    train: { at: [1, 2], loss: [2, 3], accuracy: [3, 4] },
    test: { at: [4], loss: [5], accuracy: [6] },
  });
  expect(first.curves.train.at).toEqual([1]);
});
