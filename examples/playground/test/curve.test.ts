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
    stride: 1,
  });
  expect(first.curves.train.at).toEqual([1]);
});

/** Steps after `from` up to `to`, counted from 1, in epochs of 313. */
function train(recorder: CurveRecorder, from: number, to: number): CurveRecorder {
  for (let step = from + 1; step <= to; step++) recorder.addStep(step / 313, step, 1);
  return recorder;
}

test.each([50, 300, 399, 800, 6400, 12_800])(
  "curve: one that was kept at step %i grows as if nothing had happened",
  (kept) => {
    const whole = train(new CurveRecorder(), 0, 2 * kept).curves;
    const { curves } = train(new CurveRecorder(), 0, kept);
    const { stride, ...withoutStride } = curves;
    expect(stride).toBe(kept < 400 ? 1 : 2 ** Math.floor(Math.log2(kept / 200)));
    expect(train(CurveRecorder.of(curves), kept, 2 * kept).curves).toEqual(whole);
    expect(train(CurveRecorder.of(withoutStride), kept, 2 * kept).curves).toEqual(whole);
  },
);
