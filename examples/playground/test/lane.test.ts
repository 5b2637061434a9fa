import { Network } from "@bn-only/frozen-layers";
import { useBackend } from "@bn-only/trainer";
import { memory } from "@tensorflow/tfjs-core";
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import type { FromWorker } from "../src/protocol.ts";
import { defaults } from "../src/settings.ts";
import { Lane, type LaneOptions } from "../src/worker/lane.ts";
import { loadData } from "../src/worker/load-data.ts";
import { Pace } from "../src/worker/pace.ts";

beforeAll(async () => void (await useBackend("wasm")));

const settings = { ...defaults, depth: 8, side: 16, trainSize: 64, epochs: 2 };

afterEach(() => void vi.restoreAllMocks());

async function optionsOf(tell: LaneOptions["tell"]): Promise<LaneOptions> {
  return {
    index: 0,
    condition: "bn",
    settings,
    data: await loadData(settings, {}, () => {}),
    pace: new Pace(true, () => {}),
    tell,
    keep: () => {},
    watched: () => true,
  };
}

async function stepsOf(stop: boolean): Promise<number> {
  const told: FromWorker[] = [];
  const lane = await Lane.create(await optionsOf((message) => void told.push(message)));
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

test("a lane that cannot be made leaves no network behind", async () => {
  const options = await optionsOf(() => {});
  const before = memory().numTensors;
  await expect(Lane.create({ ...options, condition: "nothing" })).rejects.toThrow("nothing");
  vi.spyOn(Network.prototype, "fingerprint").mockRejectedValueOnce(new Error("the GPU is gone"));
  await expect(Lane.create(options)).rejects.toThrow("the GPU is gone");
  expect(memory().numTensors).toBe(before);
});
