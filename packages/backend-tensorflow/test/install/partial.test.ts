import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { partialFolder, putInPlace } from "../../src/install/partial.ts";
import { completeMachine } from "./fakes.ts";

const fs = process.getBuiltinModule("node:fs");
let root: string;
beforeEach(() => void (root = mkdtempSync(join(tmpdir(), "bn-only-partial-"))));
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(root, { recursive: true });
});

test("partialFolder: another name every time; what a killed call left of the same target is removed", () => {
  const [site, other] = [join(root, "site"), join(root, "tfjs-node")];
  const first = partialFolder(site);
  writeFileSync(join(first, "half"), "");
  const kept = partialFolder(other);
  const second = partialFolder(site);
  expect(second).not.toBe(first);
  expect(readdirSync(root).sort()).toEqual([basename(second), basename(kept)].sort());
});

test("partialFolder: of a link that lies there the link goes, not what it names", () => {
  const victim = join(root, "victim");
  mkdirSync(victim);
  writeFileSync(join(victim, "file"), "untouched");
  symlinkSync(victim, join(root, ".site-aaaaaa"));
  partialFolder(join(root, "site"));
  expect(existsSync(join(root, ".site-aaaaaa"))).toBe(false);
  expect(readdirSync(victim)).toEqual(["file"]);
});

test("putInPlace: every file and folder is on disk before the name, which is on disk at the end", () => {
  const target = join(root, "site");
  const partial = partialFolder(target);
  mkdirSync(join(partial, "lib", "deep"), { recursive: true });
  for (const name of ["a", "lib/b", "lib/deep/c"]) writeFileSync(join(partial, name), name);
  const { openSync } = fs;
  const synced: (readonly [string, boolean])[] = [];
  vi.spyOn(fs, "openSync").mockImplementation((path, flags) => {
    synced.push([String(path).replace(partial, "").replace(root, "ROOT"), existsSync(target)]);
    return openSync(path, flags);
  });
  const { fsyncSync } = fs;
  let count = 0;
  vi.spyOn(fs, "fsyncSync").mockImplementation((descriptor) => {
    count += 1;
    fsyncSync(descriptor);
  });
  putInPlace(partial, target);
  const before = ["", "/a", "/lib", "/lib/b", "/lib/deep", "/lib/deep/c"];
  expect(count).toBe(7);
  expect(
    synced
      .filter(([, there]) => !there)
      .map(([path]) => path)
      .sort(),
  ).toEqual(before);
  expect(synced.at(-1)).toEqual(["ROOT", true]);
  expect(readdirSync(root)).toEqual(["site"]);
});

test("installTensorflow: links under names that could be guessed are not followed", async () => {
  const machine = await completeMachine();
  const victim = join(root, "victim");
  writeFileSync(victim, "untouched");
  const folder = join(machine.backends, "tensorflow-cpu");
  mkdirSync(join(folder, "lib"), { recursive: true });
  mkdirSync(join(folder, "wheels"), { recursive: true });
  for (const name of [
    "installation.json.part",
    "lib/stderr.node.part",
    "wheels/requirements.txt",
  ]) {
    symlinkSync(victim, join(folder, name));
  }
  await machine.install();
  expect(await readFile(victim, "utf8")).toBe("untouched");
});
