import { afterEach, expect, test, vi } from "vitest";
import { assertGpuOnLinux, withoutWindows } from "../src/device/linux-gpu.ts";

afterEach(() => {
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
});

/** A Linux on which these files exist. */
function linuxWith(...files: string[]): void {
  const existsSync = (path: string) => files.includes(path);
  vi.stubGlobal("process", {
    ...process,
    env: {},
    platform: "linux",
    getBuiltinModule: () => ({ existsSync }),
  });
}

test("assertGpuOnLinux: a machine without a GPU says where none is", () => {
  linuxWith();
  expect(assertGpuOnLinux).toThrow(
    "this machine has no GPU: there is none of /dev/dri, /dev/nvidiactl, /dev/dxg, /dev/mali0, /dev/kgsl-3d0.",
  );
});

test.each(["/dev/dri", "/dev/nvidiactl", "/dev/dxg"])("assertGpuOnLinux: %s is one", (file) => {
  linuxWith(file);
  expect(assertGpuOnLinux).not.toThrow();
});

test("assertGpuOnLinux: a driver that was named may do without", () => {
  linuxWith();
  process.env["VK_ICD_FILENAMES"] = "/usr/lib/chromium/vk_swiftshader_icd.json";
  expect(assertGpuOnLinux).not.toThrow();
});

test("assertGpuOnLinux: other systems are asked by WebGPU itself", () => {
  linuxWith();
  vi.stubGlobal("process", { ...process, platform: "darwin" });
  expect(assertGpuOnLinux).not.toThrow();
});

test("withoutWindows: XDG_RUNTIME_DIR is set for the call only, and never changed", async () => {
  linuxWith();
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
