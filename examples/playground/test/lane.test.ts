import { useBackend } from "@bn-only/trainer";
import { beforeAll, expect, test } from "vitest";
import type { FromWorker } from "../src/protocol.ts";
import { defaults } from "../src/settings.ts";
import { Lane } from "../src/worker/lane.ts";
import { loadData } from "../src/worker/load-data.ts";
import { Pace } from "../src/worker/pace.ts";

beforeAll(async () => void (await useBackend("wasm")));

const settings = { ...defaults, depth: 8, side: 16, trainSize: 64, epochs: 2 };

async function stepsOf(stop: boolean): Promise<number> {
  const told: FromWorker[] = [];
  const lane = await Lane.create({
    index: 0,
    condition: "bn",
    settings,
    data: await loadData(settings, {}, () => {}),
    pace: new Pace(true, () => {}),
    tell: (message) => void told.push(message),
    keep: () => {},
    watched: () => true,
  });
  const run = lane.run(new AbortController().signal, undefined, undefined);
  if (stop) lane.stop();
  await run;
  lane.network.dispose();
  return Math.max(...told.map((message) => (message.type === "step" ? message.step : 0)));
}

test("a lane trains to its end, unless it is stopped: also before it has begun", async () => {
  expect(await stepsOf(false)).toBe(4);
  expect(await stepsOf(true)).toBe(0);
});
