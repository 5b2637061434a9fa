import { afterEach, expect, test, vi } from "vitest";
import { withoutWindows } from "../src/device/without-windows.ts";

afterEach(() => vi.unstubAllGlobals());

test("withoutWindows: XDG_RUNTIME_DIR is set for the call only, and never changed", async () => {
  vi.stubGlobal("process", { ...process, env: {}, platform: "linux" });
  expect(await withoutWindows(async () => process.env["XDG_RUNTIME_DIR"])).toBe("/nowhere");
  expect(process.env["XDG_RUNTIME_DIR"]).toBeUndefined();
  process.env["XDG_RUNTIME_DIR"] = "/run/user/1000";
  expect(await withoutWindows(async () => process.env["XDG_RUNTIME_DIR"])).toBe("/run/user/1000");
  expect(process.env["XDG_RUNTIME_DIR"]).toBe("/run/user/1000");
});

test("withoutWindows: a browser has no process", async () => {
  vi.stubGlobal("process", undefined);
  expect(await withoutWindows(async () => 1)).toBe(1);
});
