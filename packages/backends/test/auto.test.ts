import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test, vi } from "vitest";
import { decide } from "../src/auto.ts";
import { currentBackendName } from "../src/index.ts";
import { forgetMeasurements } from "../src/measured.ts";
import { useBackend } from "../src/use-backend.ts";
import { fakeCandidate } from "./support/candidates.ts";

// Clocks are not tested: what a step takes is made up here, by the name of the backend.

const times: Record<string, number> = {};
const timed: string[] = [];
const failing = new Set<string>();

vi.mock("../src/timing.ts", () => ({
  async timeSteps() {
    timed.push(currentBackendName());
    if (failing.has(currentBackendName())) throw new Error("it fell asleep.");
    return times[currentBackendName()];
  },
}));

const cache = await mkdtemp(join(tmpdir(), "bn-only-backends-"));
const file = join(cache, "bn-only", "backends.json");
afterAll(() => rm(cache, { recursive: true }));

beforeEach(async () => {
  await rm(join(cache, "bn-only"), { recursive: true, force: true });
  process.env["XDG_CACHE_HOME"] = cache;
  process.env["BN_ONLY_BACKENDS"] = "/nowhere";
  process.env["VK_ICD_FILENAMES"] = "/nowhere";
  forgetMeasurements();
  timed.length = 0;
  failing.clear();
  Object.assign(times, { hare: 5, tortoise: 20, wasm: 11.24 });
});

const racers = () => [fakeCandidate("tortoise"), fakeCandidate("hare")] as const;

test("auto: the fastest that works is selected, and the line says what each took", async () => {
  const candidates = racers();
  const choice = await useBackend("auto", { candidates });
  expect(choice.name).toBe("hare");
  expect(choice.milliseconds).toEqual({ tortoise: 20, hare: 5, wasm: 11.24 });
  expect(choice.description).toMatch(
    /^hare \(a fake\); hare 5\.0 ms a step, wasm 11\.2 ms, tortoise 20\.0 ms, timed on this machine; not cuda: /,
  );
  expect(currentBackendName()).toBe("hare");
  await useBackend("tortoise", { candidates });
  expect(currentBackendName()).toBe("tortoise");
});

test("auto: what was measured holds in the process and, by a file, in the next one", async () => {
  const candidates = racers();
  await decide(candidates, {});
  expect(timed).toEqual(["tortoise", "hare", "tortoise", "hare"]);
  for (const isNext of [false, true]) {
    if (isNext) forgetMeasurements();
    const [tortoise, hare] = racers();
    const { chosen, milliseconds } = await decide([tortoise, hare], {});
    expect(chosen?.name).toBe("hare");
    expect(milliseconds).toEqual({ tortoise: 20, hare: 5 });
    expect([tortoise.prepared, hare.prepared]).toEqual([0, 1]);
  }
  expect(timed).toHaveLength(4);
});

test("auto: another version, another option or another candidate is measured again", async () => {
  await decide(racers(), {});
  await decide(racers(), { threads: 1 });
  expect(timed).toHaveLength(8);
  const [tortoise, hare] = racers();
  tortoise.version = "2";
  times["tortoise"] = 1;
  expect((await decide([tortoise, hare], {})).chosen?.name).toBe("tortoise");
  expect((await decide(racers(), {})).chosen?.name).toBe("hare");
  expect(timed).toHaveLength(12);
});

test("auto: a remembered winner that does not work any more is not insisted on", async () => {
  await decide(racers(), {});
  const [tortoise, hare] = racers();
  hare.broken = "its legs are tired.";
  const { chosen, tried, milliseconds } = await decide([tortoise, hare], {});
  expect(chosen?.name).toBe("tortoise");
  expect(milliseconds).toEqual({});
  expect(tried.find(({ name }) => name === "hare")?.reason).toBe("its legs are tired");
});

test("auto: one that fails while it is timed is not available", async () => {
  failing.add("hare");
  const { chosen, tried, milliseconds } = await decide(racers(), {});
  expect(chosen?.name).toBe("tortoise");
  expect(milliseconds).toEqual({ tortoise: 20 });
  expect(tried.map(({ name, available, reason }) => [name, available, reason])).toEqual([
    ["tortoise", true, ""],
    ["hare", false, "it fell asleep"],
  ]);
  forgetMeasurements();
  await rm(file);
  failing.add("tortoise");
  const cart = fakeCandidate("cart", { couldWin: false });
  expect((await decide([...racers(), cart], {})).chosen?.name).toBe("cart");
});

test("auto: one that is alone is not timed", async () => {
  await decide([fakeCandidate("hare"), fakeCandidate("cart", { couldWin: false })], {});
  expect(timed).toEqual([]);
  await expect(readFile(file)).rejects.toThrow("ENOENT");
});

test("auto: those that could not win come when nothing else works, in order", async () => {
  const [tortoise, hare] = racers();
  tortoise.broken = hare.broken = "no";
  const [first, second] = ["cart", "sledge"].map((name) =>
    fakeCandidate(name, { couldWin: false }),
  );
  first!.broken = "no wheels";
  const { chosen, tried } = await decide([first!, tortoise, hare, second!], {});
  expect(chosen?.name).toBe("sledge");
  expect(tried.map(({ name }) => name)).toEqual(["tortoise", "hare", "cart", "sledge"]);
  second!.broken = "no snow";
  expect((await decide([first!, second!], {})).chosen).toBeUndefined();
});

test.each(["", "{", "null", "[1]", '{"x": 1}'])(
  "auto: a file of %j is ignored and written anew",
  async (contents) => {
    await decide(racers(), {});
    const written = await readFile(file, "utf8");
    await writeFile(file, contents);
    forgetMeasurements();
    expect((await decide(racers(), {})).chosen?.name).toBe("hare");
    expect(timed).toHaveLength(8);
    expect(await readFile(file, "utf8")).toContain(JSON.stringify("hare"));
    expect(Object.keys(JSON.parse(await readFile(file, "utf8")) as object)).toContain(
      Object.keys(JSON.parse(written) as object)[0],
    );
  },
);

test("auto: an entry that is no measurement is measured again", async () => {
  await decide(racers(), {});
  const entries = JSON.parse(await readFile(file, "utf8")) as Record<string, unknown>;
  const [key] = Object.keys(entries);
  for (const entry of [
    null,
    1,
    {},
    { name: "hare" },
    { name: "hare", milliseconds: { hare: "5" } },
  ]) {
    await writeFile(file, JSON.stringify({ [key!]: entry }));
    forgetMeasurements();
    timed.length = 0;
    expect((await decide(racers(), {})).chosen?.name).toBe("hare");
    expect(timed).toHaveLength(4);
  }
});

test("auto: a cache that cannot be written changes nothing else", async () => {
  process.env["XDG_CACHE_HOME"] = "/dev/null";
  expect((await decide(racers(), {})).chosen?.name).toBe("hare");
});
