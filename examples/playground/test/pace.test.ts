import { expect, test } from "vitest";
import { Pace } from "../src/worker/pace.ts";

const soon = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

test("pace: no lane is a step ahead of another", async () => {
  const pace = new Pace(true, () => undefined);
  const order: string[] = [];
  const run = async (lane: number, name: string): Promise<void> => {
    for (let step = 0; step < 3; step++) {
      await pace.turn(lane, step);
      order.push(`${name}${step}`);
    }
    pace.leave(lane);
  };
  pace.join(0, 0);
  pace.join(1, 0);
  const first = run(0, "a");
  await soon();
  await Promise.all([first, run(1, "b")]);
  const stepsOf = order.map((entry) => Number(entry[1]));
  expect(stepsOf).toEqual([...stepsOf].sort());
  expect(order).toHaveLength(6);
});

test("pace: a paused run takes one step when it is allowed one, and says when it rests", async () => {
  let rests = 0;
  const pace = new Pace(false, () => (rests += 1));
  let taken = 0;
  pace.join(0, 0);
  const run = (async () => {
    for (let step = 0; step < 10; step++) {
      await pace.turn(0, step);
      taken += 1;
    }
    pace.leave(0);
  })();
  await soon();
  expect([taken, rests]).toEqual([0, 1]);
  pace.allowOne();
  await soon();
  expect([taken, rests]).toEqual([1, 2]);
  pace.allowOne();
  await soon();
  expect(taken).toBe(2);
  pace.running = true;
  await run;
  expect(taken).toBe(10);
});

test("pace: a lane that ends does not hold up the other", async () => {
  const pace = new Pace(true, () => undefined);
  pace.join(0, 0);
  pace.join(1, 0);
  let done = false;
  const waiting = pace.turn(1, 5).then(() => (done = true));
  await soon();
  expect(done).toBe(false);
  pace.leave(0);
  await waiting;
  expect(done).toBe(true);
});
