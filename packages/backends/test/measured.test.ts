import { newTemporaryName } from "@bn-only/files";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { forgetMeasurements, measurementKey, recall, remember } from "../src/measured.ts";

const fs = process.getBuiltinModule("node:fs");
const uuid = "01234567-89ab-cdef-0123-456789abcdef";
const measurement = { name: "wasm", milliseconds: { wasm: 12.5, cpu: 80 } };
let root: string;
let folder: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "bn-only-measured-"));
  folder = join(root, "cache", "bn-only");
  vi.stubEnv("XDG_CACHE_HOME", join(root, "cache"));
});

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  rmSync(root, { recursive: true });
});

function recalled(): unknown {
  forgetMeasurements();
  return recall("key");
}

test("remember: links under names that could be guessed are not followed", () => {
  mkdirSync(folder, { recursive: true });
  const victim = join(root, "victim");
  fs.writeFileSync(victim, "untouched");
  symlinkSync(victim, join(folder, `backends.json.${process.pid}.part`));
  symlinkSync(victim, join(folder, "backends.json"));
  remember("key", measurement);
  expect(readFileSync(victim, "utf8")).toBe("untouched");
  expect(recalled()).toEqual(measurement);
});

test("remember: a link under the very name is not followed either, and costs the measurement only", () => {
  mkdirSync(folder, { recursive: true });
  const victim = join(root, "victim");
  fs.writeFileSync(victim, "untouched");
  vi.spyOn(process.getBuiltinModule("node:crypto"), "randomUUID").mockReturnValue(uuid);
  symlinkSync(victim, join(folder, newTemporaryName("backends.json")));
  remember("key", measurement);
  expect(readFileSync(victim, "utf8")).toBe("untouched");
  expect(recalled()).toBeUndefined();
});

test("remember: contents are on disk before the name is, and the name before it returns", () => {
  const order: string[] = [];
  const note = (what: string): void =>
    void order.push(what.replace(root, "").replace(/\.[^/]*-.*/, "*"));
  const { writeFileSync, renameSync, openSync, fsyncSync } = fs;
  vi.spyOn(fs, "writeFileSync").mockImplementation((file, data, options) => {
    const { flag, flush } = options as { flag: string; flush: boolean };
    note(`write ${String(file)}`);
    expect([flag, flush]).toEqual(["wx", true]);
    writeFileSync(file, data, options);
  });
  vi.spyOn(fs, "renameSync").mockImplementation((from, to) => {
    note(`rename ${String(to)}`);
    renameSync(from, to);
  });
  const opened = new Map<number, string>();
  vi.spyOn(fs, "openSync").mockImplementation((path, flags) => {
    const descriptor = openSync(path, flags);
    opened.set(descriptor, String(path));
    return descriptor;
  });
  vi.spyOn(fs, "fsyncSync").mockImplementation((descriptor) => {
    note(`fsync ${opened.get(descriptor)}`);
    fsyncSync(descriptor);
  });
  remember("key", measurement);
  // Some versions of Node flush by the function that is watched here.
  expect(order.filter((one) => one !== "fsync /cache/bn-only/*")).toEqual([
    "fsync ",
    "fsync /cache",
    "write /cache/bn-only/*",
    "rename /cache/bn-only/backends.json",
    "fsync /cache/bn-only",
  ]);
  expect(readdirSync(folder)).toEqual(["backends.json"]);
});

test.each([
  ["BN_ONLY_THREADS", "1"],
  ["TF_NUM_INTRAOP_THREADS", "1"],
  ["BN_ONLY_FMA", "0"],
  ["BN_ONLY_REVEC", "1"],
])("measurementKey: what was measured under %s=%s is another measurement", async (name, value) => {
  vi.stubEnv(name, undefined);
  const without = await measurementKey([], {});
  vi.stubEnv(name, value);
  expect(await measurementKey([], {})).not.toBe(without);
});
