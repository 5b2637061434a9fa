import { OutOfMemoryError } from "@bn-only/frozen-layers";
import { useBackend } from "@bn-only/trainer";
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import type { FromWorker, ToWorker } from "../src/protocol.ts";
import { defaults } from "../src/settings.ts";
import { Lane } from "../src/worker/lane.ts";
import { DataError, loadData } from "../src/worker/load-data.ts";
import { Session } from "../src/worker/session.ts";

const store = vi.hoisted(() => new Map<string, unknown>());
vi.mock("../src/store/keep.ts", () => ({
  keep: async (key: string, value: unknown) => Boolean(store.set(key, value)),
  recall: async (key: string) => store.get(key),
  forget: async (key: string) => void store.delete(key),
}));
vi.mock("../src/worker/backend.ts", () => ({ chooseBackend: async () => "wasm" }));
vi.mock("../src/worker/load-data.ts", { spy: true });

const settings = { ...defaults, depth: 8, side: 16, trainSize: 64, epochs: 2 };
let told: FromWorker[] = [];
let send: (data: ToWorker) => void;
let kept: { settings: typeof settings };

beforeAll(async () => {
  await useBackend("wasm");
  vi.stubGlobal("self", {
    postMessage: (message: FromWorker) => void told.push(message),
    addEventListener: (_: string, listen: (event: { data: ToWorker }) => void) => {
      send = (data) => listen({ data });
    },
  });
  await import("../src/worker/worker.ts");
  const data = await loadData(settings, {}, () => {});
  const session = await Session.begin(settings, data, { tell: () => {}, watched: () => true });
  await vi.waitUntil(() => session.status === "finished", 30_000);
  await session.end();
  kept = store.get("run") as typeof kept;
});

afterEach(() => {
  vi.restoreAllMocks();
  store.clear();
});

/** What is told of a restored run that cannot go on, and whether it is still kept. */
async function restored(run: unknown): Promise<{ message: string; stillKept: boolean }> {
  store.set("run", run);
  told = [];
  send({ type: "restore" });
  const fault = await vi.waitUntil(() => told.find(({ type }) => type === "fault"), 30_000);
  return { message: fault.type === "fault" ? fault.message : "", stillKept: store.has("run") };
}

const named = (name: string): Error => Object.assign(new Error("for a while"), { name });

test.each([new OutOfMemoryError("for a while"), named("DeviceLostError"), named("ThreadError")])(
  "restore: a run that meets $name is kept",
  async (error) => {
    vi.spyOn(console, "error").mockReturnValue();
    vi.spyOn(Lane, "create").mockRejectedValueOnce(error);
    expect(await restored(kept)).toEqual({ message: "for a while", stillKept: true });
  },
);

test("restore: a run is kept while the server has no CIFAR-10", async () => {
  vi.mocked(loadData).mockRejectedValueOnce(new DataError("no copy"));
  const run = { ...kept, settings: { ...settings, data: "cifar10", side: 32 } };
  expect(await restored(run)).toEqual({ message: "no copy", stillKept: true });
});

test("restore: a run whose own images are missing, or of another size, is forgotten", async () => {
  const run = { ...kept, settings: { ...settings, data: "own" } };
  const missing = await restored(run);
  expect(missing.message).toMatch(/no images of yours/);
  expect(missing.stillKept).toBe(false);
  const labels = Uint8Array.of(0, 1);
  store.set("images", { side: 32, classes: ["a", "b"], images: new Uint8Array(6144), labels });
  const other = await restored(run);
  expect(other.message).toMatch(/were made 32 pixels/);
  expect(other.stillKept).toBe(false);
});

test("restore: a run whose state cannot be read, or is another run's, is forgotten", async () => {
  const broken = await restored({ ...kept, lanes: [{ state: new Uint8Array(3) }] });
  expect(broken.message).toMatch(/^state file/);
  expect(broken.stillKept).toBe(false);
  const other = await restored({ ...kept, settings: { ...settings, seed: 1 } });
  expect(other.message).toMatch(/^Your last run cannot go on/);
  expect(other.stillKept).toBe(false);
});
