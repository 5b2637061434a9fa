import { readFile, readdir, stat, utimes, writeFile } from "node:fs/promises";
import { spawnSync } from "node:child_process";
import { homedir } from "node:os";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { cacheSource, defaultCacheDirectory, storeInCache } from "../../src/sources/cache.ts";
import { ownerTag } from "../../src/sources/temporary.ts";
import type { SourceContext } from "../../src/sources/source.ts";
import { sha256, temporaryFolder, tinyFiles, tinyManifest } from "../fixtures.ts";

const context: SourceContext = {
  manifest: tinyManifest,
  timeout: 1000,
  signal: new AbortController().signal,
  report: () => undefined,
};

describe("cache", () => {
  test("gives back what was stored, and leaves no partial file", async () => {
    const folder = join(await temporaryFolder(), "deep", "cifar10");
    await storeInCache(folder, tinyFiles);
    const files = await cacheSource(folder).load(context);
    for (const [name, bytes] of tinyFiles) expect(sha256(files.get(name)!)).toBe(sha256(bytes));
    expect((await readdir(folder)).sort()).toEqual([...tinyFiles.keys()].sort());
  });

  test("the folder is on disk after its last file, and so are those that were made for it", async () => {
    const root = await temporaryFolder();
    const folder = join(root, "deep", "cifar10");
    const fs = process.getBuiltinModule("node:fs");
    const { openSync } = fs;
    const synced: [string, number][] = [];
    const spy = vi.spyOn(fs, "openSync").mockImplementation((path, flags) => {
      synced.push([String(path), fs.existsSync(folder) ? fs.readdirSync(folder).length : 0]);
      return openSync(path, flags);
    });
    await storeInCache(folder, tinyFiles);
    spy.mockRestore();
    const written = synced.filter(([path]) => !path.endsWith(".bin") && !path.endsWith(".txt"));
    expect(written).toEqual([
      [root, 0],
      [join(root, "deep"), 0],
      [folder, tinyFiles.size],
    ]);
  });

  test("many writers and readers at once never see a part of a file", async () => {
    const folder = await temporaryFolder();
    await storeInCache(folder, tinyFiles);
    const writers = Array.from({ length: 8 }, () => storeInCache(folder, tinyFiles));
    const readers = Array.from({ length: 8 }, async () => {
      const files = await cacheSource(folder).load(context);
      return Array.from(files.values(), sha256).join();
    });
    await Promise.all(writers);
    const expected = tinyManifest.files.map((file) => file.sha256).join();
    for (const seen of await Promise.all(readers)) expect(seen).toBe(expected);
    expect(await readdir(folder)).toHaveLength(tinyFiles.size);
  });

  test("a replaced file is a new file: a reader that has the old one open is not disturbed", async () => {
    const folder = await temporaryFolder();
    await storeInCache(folder, tinyFiles);
    const before = await stat(join(folder, "test_batch.bin"));
    await storeInCache(folder, tinyFiles);
    expect((await stat(join(folder, "test_batch.bin"))).ino).not.toBe(before.ino);
  });

  test("an empty and an incomplete cache say so", async () => {
    const folder = await temporaryFolder();
    await expect(cacheSource(join(folder, "none")).load(context)).rejects.toThrow("empty");
    await writeFile(join(folder, "test_batch.bin"), tinyFiles.get("test_batch.bin")!);
    await expect(cacheSource(folder).load(context)).rejects.toThrow(
      "incomplete, data_batch_1.bin is missing",
    );
  });

  test("a partial file of a killed process is removed on the next start, a living one's is not", async () => {
    const folder = await temporaryFolder();
    const dead = spawnSync(process.execPath, ["--version"]).pid;
    const name = (owner: string): string => `data_batch_1.bin.${owner}-a.part`;
    const [ofDead, ofLiving] = [name(ownerTag(dead)), name(ownerTag())];
    const [young, old] = [name("elsewhere-1"), name("elsewhere-2")];
    for (const file of [ofDead, ofLiving, young, old]) await writeFile(join(folder, file), "half");
    await utimes(join(folder, old), new Date(0), new Date(0));
    await expect(cacheSource(folder).load(context)).rejects.toThrow("empty");
    expect((await readdir(folder)).sort()).toEqual([ofLiving, young].sort());
  });

  test("a failed write leaves what was there", async () => {
    const folder = await temporaryFolder();
    await storeInCache(folder, tinyFiles);
    const bad = new Map([["test_batch.bin", 5 as unknown as Uint8Array]]);
    await expect(storeInCache(folder, bad)).rejects.toThrow(/data/);
    expect(sha256(await readFile(join(folder, "test_batch.bin")))).toBe(
      sha256(tinyFiles.get("test_batch.bin")!),
    );
    expect((await readdir(folder)).filter((name) => name.endsWith(".part"))).toEqual([]);
  });
});

test.each([
  [{ BN_ONLY_DATA: "/data", XDG_CACHE_HOME: "/xdg" }, "linux", "/data"],
  [{ XDG_CACHE_HOME: "/xdg" }, "linux", join("/xdg", "bn-only")],
  [{}, "linux", join(homedir(), ".cache", "bn-only")],
  [{ BN_ONLY_DATA: "" }, "linux", join(homedir(), ".cache", "bn-only")],
  [{}, "darwin", join(homedir(), "Library", "Caches", "bn-only")],
  [{ LOCALAPPDATA: "/local" }, "win32", join("/local", "bn-only")],
])("defaultCacheDirectory: %j on %s", (environment, platform, expected) => {
  expect(defaultCacheDirectory(environment, platform)).toBe(expected);
});
