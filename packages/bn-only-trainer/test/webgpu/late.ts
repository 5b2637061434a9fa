import { createNetwork } from "@bn-only/resnet-zoo";
import { backend } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test, vi } from "vitest";
import { type NamedCallback, train, type TrainEvent, useBackend } from "../../src/index.ts";
import { inputShape, tinyData } from "../support/tiny.ts";

interface Counting {
  readonly counts: { submits: number; reads: number };
}

beforeAll(async () => void (await useBackend("webgpu")));

/** Of 20 steps: what is told, without times, and how often was submitted and read meanwhile. */
async function run(looksAt: NamedCallback["looksAt"]) {
  const events: TrainEvent[] = [];
  const network = createNetwork("mlp-2-16", { inputShape });
  let first: Counting["counts"] | undefined;
  let last: Counting["counts"] | undefined;
  const on = (event: TrainEvent): void => {
    if (event.event === "step") events.push(event);
    const { counts } = backend() as unknown as Counting;
    if (event.event === "start") first = counts;
    if (event.event === "step") last = counts;
  };
  const callback: NamedCallback = { name: "tell", on, ...(looksAt && { looksAt }) };
  const data = { train: tinyData(160).train };
  await train({ network, data, epochs: 1, batchSize: 8, callbacks: [callback] });
  network.dispose();
  const submits = last!.submits - first!.submits;
  return { events, submits, reads: last!.reads - first!.reads };
}

test("without a callback that looks, 20 steps are 20 submissions and 3 reads, and their losses the same", async () => {
  let milliseconds = 0;
  const clock = vi.spyOn(performance, "now").mockImplementation(() => (milliseconds += 0.01));
  const each = await run(undefined);
  const late = await run(() => false);
  clock.mockRestore();
  expect(each).toMatchObject({ submits: 20, reads: 20 });
  expect(late.events).toEqual(each.events);
  // The first step, 16, and the rest. The rest were submitted before it was known that they are the last.
  expect(late).toMatchObject({ submits: 21, reads: 3 });
});
