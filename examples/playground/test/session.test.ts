import { useBackend } from "@bn-only/trainer";
import { memory } from "@tensorflow/tfjs-core";
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import type { FromWorker } from "../src/protocol.ts";
import { defaults } from "../src/settings.ts";
import { chooseBackend } from "../src/worker/backend.ts";
import { Lane } from "../src/worker/lane.ts";
import { loadData } from "../src/worker/load-data.ts";
import { Session } from "../src/worker/session.ts";

vi.mock("../src/worker/backend.ts", () => ({ chooseBackend: vi.fn() }));

beforeAll(async () => void (await useBackend("wasm")));
afterEach(() => {
  vi.restoreAllMocks();
  vi.mocked(chooseBackend).mockReset();
});

const settings = { ...defaults, depth: 8, side: 16, trainSize: 64, epochs: 2, versus: "gamma" };
const data = await loadData(settings, {}, () => {});
const empty = { at: [], loss: [], accuracy: [] };
const curves = { train: empty, test: empty };

test("the second lane cannot be made: the first is freed", async () => {
  const create = Lane.create;
  vi.spyOn(Lane, "create").mockImplementation(async (options) => {
    if (options.index === 1) throw new RangeError("out of memory");
    return create(options);
  });
  const before = memory().numTensors;
  const begun = Session.begin(settings, data, { tell: () => {}, watched: () => true });
  await expect(begun).rejects.toThrow("out of memory");
  expect(memory().numTensors).toBe(before);
});

test("a kept state that cannot be read: nothing is made, and nothing starts", async () => {
  const state = new Uint8Array(3);
  const told: string[] = [];
  const before = memory().numTensors;
  const begun = Session.begin(settings, data, {
    kept: [0, 1].map(() => ({ state, curves, step: 1 })),
    tell: ({ type }) => void told.push(type),
    watched: () => true,
  });
  await expect(begun).rejects.toThrow(/^state file/);
  expect(memory().numTensors).toBe(before);
  expect(told).toEqual(["data"]);
});

/** A session whose device is lost at its first step, and what it tells. */
async function losing(): Promise<{ session: Session; told: string[] }> {
  const told: string[] = [];
  const lost = Object.assign(new Error("lost"), { name: "DeviceLostError" });
  const tell = (message: FromWorker): void => {
    if (message.type === "step" && message.step > 0 && !told.includes("recovered")) throw lost;
    told.push(message.type);
  };
  const session = await Session.begin(settings, data, { tell, watched: () => true });
  return { session, told };
}

test("a lost device: the run goes on from its last checkpoint", async () => {
  vi.mocked(chooseBackend).mockResolvedValue("wasm");
  const { session, told } = await losing();
  await vi.waitUntil(() => session.status === "finished", 30_000);
  expect(told.filter((type) => type === "started" || type === "recovered")).toEqual([
    "started",
    "recovered",
    "started",
  ]);
  await session.end();
});

test("a run that ends while another backend is sought does not come back", async () => {
  const before = memory().numTensors;
  let found: (backend: string) => void = () => {};
  vi.mocked(chooseBackend).mockReturnValue(new Promise((resolve) => (found = resolve)));
  const { session, told } = await losing();
  await vi.waitUntil(() => vi.mocked(chooseBackend).mock.calls.length > 0, 30_000);
  const toldBefore = [...told];
  const ended = session.end();
  found("wasm");
  await ended;
  expect(told).toEqual(toldBefore);
  expect(memory().numTensors).toBe(before);
});

test("a run that ends while its lanes are made again does not come back", async () => {
  const before = memory().numTensors;
  vi.mocked(chooseBackend).mockResolvedValue("wasm");
  const { session, told } = await losing();
  const create = Lane.create;
  let ended: Promise<void> | undefined;
  vi.spyOn(Lane, "create").mockImplementation((options) => {
    ended ??= session.end();
    return create(options);
  });
  await vi.waitUntil(() => ended !== undefined, 30_000);
  await ended;
  expect(told.filter((type) => type === "started")).toHaveLength(1);
  expect(memory().numTensors).toBe(before);
});
