import { homedir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { folders } from "../server/local-cifar10.ts";

test.each([
  [{}, "linux", join(homedir(), ".cache")],
  [{ XDG_CACHE_HOME: "" }, "linux", join(homedir(), ".cache")],
  [{ XDG_CACHE_HOME: "/cache" }, "linux", "/cache"],
  [{ XDG_CACHE_HOME: "/cache" }, "darwin", join(homedir(), "Library", "Caches")],
  [{ LOCALAPPDATA: "/local" }, "win32", "/local"],
  [{ LOCALAPPDATA: "" }, "win32", join(homedir(), "AppData", "Local")],
])(
  "CIFAR-10 is looked for where the data sets are kept: %j on %s",
  (environment, platform, cache) => {
    expect(folders(environment, platform)).toEqual([
      join(cache, "bn-only", "cifar10"),
      join(cache, "bn-only", "cifar-10-batches-bin"),
      join(cache, "bn-only"),
    ]);
  },
);

test("CIFAR-10 is looked for in BN_ONLY_DATA first", () => {
  expect(folders({ BN_ONLY_DATA: "/named" }, "linux")[0]).toBe(join("/named", "cifar10"));
});
