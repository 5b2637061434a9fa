import fs from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, expect, test } from "vitest";
import { type Fault, FaultyDisk } from "../src/fault.ts";
import { real, WatchedFiles } from "../src/layer/files.ts";
import { install } from "../src/layer/install.ts";
import { describeOperation } from "../src/layer/operation.ts";

const disk = new FaultyDisk(
  (path) => real.statSync(join(files.root, path), { throwIfNoEntry: false })?.size ?? 0,
);
const files: WatchedFiles = new WatchedFiles(disk);
install(files);
const parent = real.mkdtempSync(join(tmpdir(), "bn-only-torture-"));

let root: string;
beforeEach(() => {
  root = real.mkdtempSync(join(parent, "root-"));
});
afterEach(() => {
  files.root = "";
});
afterAll(() => {
  real.rmSync(parent, { recursive: true });
});

function begin(fault?: Fault): void {
  disk.begin(fault);
  files.root = root;
}

const at = (path: string): string => join(root, path);
const done = (): string[] => disk.done.map(describeOperation);

test("what Node does in one call is listed in the kernel's steps", async () => {
  begin();
  fs.mkdirSync(at("a/b"), { recursive: true });
  fs.writeFileSync(at("a/b/c"), "hello", { flag: "wx", flush: true });
  fs.writeFileSync(at("a/b/c"), "again");
  const descriptor = fs.openSync(at("a/b/c"), "r+");
  fs.writeSync(descriptor, Buffer.from("xxAGxx"), 2, 2, 0);
  fs.renameSync(at("a/b"), at("a/d"));
  fs.ftruncateSync(descriptor, 3);
  fs.closeSync(descriptor);
  expect(fs.readFileSync(at("a/d/c"), "utf8")).toBe("AGa");
  const handle = await open(at("e"), "wx");
  await handle.writeFile("12");
  await handle.sync();
  await handle.close();
  await rename(at("e"), at("a/e"));
  const folder = fs.openSync(at("a"), "r");
  fs.fsyncSync(folder);
  fs.closeSync(folder);
  await rm(at("a"), { recursive: true, force: true });
  expect(fs.existsSync(at("a"))).toBe(false);
  expect(done()).toEqual([
    "mkdir a",
    "mkdir a/b",
    "create a/b/c",
    "write a/b/c (5 bytes)",
    "sync a/b/c",
    "truncate a/b/c",
    "write a/b/c (5 bytes)",
    "write a/b/c (2 bytes)",
    "rename a/b to a/d",
    "truncate a/d/c",
    "create e",
    "write e (2 bytes)",
    "sync e",
    "rename e to a/e",
    "sync a",
    "unlink a/d/c",
    "rmdir a/d",
    "unlink a/e",
    "rmdir a",
  ]);
});

test("what lies elsewhere is not watched", () => {
  begin();
  fs.writeFileSync(join(parent, "elsewhere"), "x");
  expect(fs.readFileSync(join(parent, "elsewhere"), "utf8")).toBe("x");
  expect(done()).toEqual([]);
});

test("a way to change files that is not watched is an error", async () => {
  begin();
  const message = /is not watched; add it to tools\/torture/;
  expect(() => fs.appendFileSync(at("a"), "x")).toThrow(message);
  expect(() => fs.symlinkSync("target", at("a"))).toThrow(message);
  expect(() => fs.writeFile(at("a"), "x", () => {})).toThrow(message);
  expect(() => fs.createWriteStream(at("a"))).toThrow(message);
  expect(() => fs.promises.copyFile(at("a"), join(parent, "b"))).toThrow(message);
  const handle = await open(at("a"), "w");
  await expect(handle.appendFile("x")).rejects.toThrow(message);
  await handle.close();
});

const code = (act: () => void): unknown => {
  try {
    act();
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code;
  }
};

test("once: half of a write, then the error, and nothing else fails", () => {
  begin({ at: 1, kind: "once", code: "ENOSPC" });
  expect(code(() => fs.writeFileSync(at("a"), "1234"))).toBe("ENOSPC");
  expect(fs.readFileSync(at("a"), "utf8")).toBe("12");
  expect(code(() => fs.writeFileSync(at("b"), "1234"))).toBe(undefined);
  expect(disk.struck).toBe(true);
});

test("once: any other operation, as Node says it", () => {
  begin({ at: 0, kind: "once", code: "EACCES" });
  expect(() => fs.mkdirSync(at("a"))).toThrow("EACCES: permission denied, mkdir 'a'");
  expect(code(() => fs.mkdirSync(at("a")))).toBe(undefined);
});

test("full: no name and no byte more, but what a removed file leaves", () => {
  fs.writeFileSync(at("old"), "12345");
  begin({ at: 2, kind: "full" });
  fs.writeFileSync(at("a"), "1");
  expect(code(() => fs.mkdirSync(at("b")))).toBe("ENOSPC");
  expect(code(() => fs.writeFileSync(at("b"), ""))).toBe("ENOSPC");
  const descriptor = fs.openSync(at("a"), "r+");
  expect(fs.writeSync(descriptor, "x", 0)).toBe(1);
  expect(code(() => fs.writeSync(descriptor, "y", 1))).toBe("ENOSPC");
  fs.rmSync(at("old"));
  expect(fs.writeSync(descriptor, "12", 1)).toBe(2);
  expect(fs.writeSync(descriptor, "3456", 3)).toBe(3);
  expect(code(() => fs.writeSync(descriptor, "6", 6))).toBe("ENOSPC");
  fs.closeSync(descriptor);
  expect(fs.readFileSync(at("a"), "utf8")).toBe("x12345");
});
