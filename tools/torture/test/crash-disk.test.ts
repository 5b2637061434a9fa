import { expect, test } from "vitest";
import { CrashDisk } from "../src/crash/disk.ts";
import { crashStates } from "../src/crash/states.ts";
import type { Operation } from "../src/layer/operation.ts";
import type { Tree } from "../src/tree.ts";

const write = (path: string, text: string, position = 0): Operation => ({
  op: "write",
  path,
  position,
  data: Buffer.from(text).toString("base64"),
});
const tree = (files: Readonly<Record<string, string | undefined>>): Tree =>
  new Map(
    Object.entries(files).map(([path, text]) => [
      path,
      text === undefined ? text : Buffer.from(text),
    ]),
  );

/** `a=new` for files, `folder/` for folders, zeros as `0`. */
function shown(one: Tree): string {
  const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString().replaceAll("\0", "0");
  return [...one]
    .map(([path, bytes]) => (bytes === undefined ? `${path}/` : `${path}=${text(bytes)}`))
    .sort()
    .join(" ");
}

/** What may be there once all of the operations were done. */
function after(template: Tree, operations: readonly Operation[]): string[] {
  const disk = new CrashDisk(template);
  for (const operation of operations) disk.apply(operation);
  return [...new Set([...disk.crashes()].map(shown))].sort();
}

test("bytes that were not synced: none, half, all, or zeros of their length; the name, too, or not", () => {
  expect(after(tree({}), [{ op: "create", path: "a" }, write("a", "abcd")])).toEqual([
    "",
    "a=",
    "a=0000",
    "a=ab",
    "a=abcd",
  ]);
});

test("fsync of a file makes its bytes sure, and not its name", () => {
  const operations: Operation[] = [
    { op: "create", path: "a" },
    write("a", "abcd"),
    { op: "sync", path: "a" },
  ];
  expect(after(tree({}), operations)).toEqual(["", "a=abcd"]);
  expect(after(tree({}), [...operations, { op: "sync", path: "." }])).toEqual(["a=abcd"]);
});

test("a rename without fsync may put an empty file in the place of a good one", () => {
  const operations: Operation[] = [
    { op: "create", path: "a.part" },
    write("a.part", "new!"),
    { op: "rename", path: "a.part", to: "a" },
  ];
  const states = after(tree({ a: "old" }), operations);
  expect(states).toContain("a=");
  expect(states).toContain("a=0000");
  expect(states).toContain("a.part=ne a=old");
});

test("fsync, rename, fsync of the folder: the old file or the new one, and then the new one", () => {
  const operations: Operation[] = [
    { op: "create", path: "a.part" },
    write("a.part", "new!"),
    { op: "sync", path: "a.part" },
    { op: "rename", path: "a.part", to: "a" },
  ];
  expect(after(tree({ a: "old" }), operations)).toEqual(["a.part=new! a=old", "a=new!", "a=old"]);
  expect(after(tree({ a: "old" }), [...operations, { op: "sync", path: "." }])).toEqual(["a=new!"]);
});

test("later changes of names may be there without earlier ones", () => {
  const operations: Operation[] = [
    { op: "rename", path: "last", to: "previous" },
    { op: "create", path: "last" },
  ];
  expect(after(tree({ last: "1", previous: "0" }), operations)).toEqual([
    "last= previous=0",
    "last= previous=1",
    "last=1 previous=0",
    "previous=1",
  ]);
});

test("any of several writes since the last sync, with zeros where one is missing", () => {
  const operations = [write("a", "23", 1), write("a", "45", 3)];
  expect(after(tree({ a: "1" }), operations)).toEqual([
    "a=1",
    "a=10000",
    "a=1004",
    "a=10045",
    "a=12",
    "a=123",
    "a=1234",
    "a=12345",
  ]);
});

test("a cut is a change as a write is", () => {
  expect(after(tree({ a: "1234" }), [{ op: "truncate", path: "a", size: 2 }])).toEqual([
    "a=12",
    "a=1234",
  ]);
});

test("a file that moves to another folder is never lost, and may be in both", () => {
  const operations: Operation[] = [{ op: "rename", path: "b/a", to: "a" }];
  const template = tree({ b: undefined, "b/a": "1" });
  expect(after(template, operations)).toEqual(["a=1 b/", "a=1 b/ b/a=1", "b/ b/a=1"]);
  // The folder that it left was not synced.
  expect(after(template, [...operations, { op: "sync", path: "." }])).toEqual([
    "a=1 b/",
    "a=1 b/ b/a=1",
  ]);
});

test("a folder takes along what is in it, and may be gone with it", () => {
  const operations: Operation[] = [
    { op: "mkdir", path: "b" },
    { op: "create", path: "b/a" },
    { op: "sync", path: "b" },
    { op: "rename", path: "b", to: "c" },
  ];
  expect(after(tree({}), operations)).toEqual(["", "b/ b/a=", "c/ c/a="]);
});

test("what a process that is killed leaves is all that it did", () => {
  const disk = new CrashDisk(tree({ a: "old" }));
  disk.apply(write("a", "new"));
  disk.apply({ op: "rename", path: "a", to: "b" });
  expect(shown(disk.now())).toBe("b=new");
});

test("states that differ in random names are one, at the last moment at which it may come", () => {
  const part = (digit: string): string => `.a.${digit.repeat(8)}-0000-4000-8000-000000000000.part`;
  const operations: Operation[] = [
    { op: "create", path: part("1") },
    { op: "unlink", path: part("1") },
    { op: "create", path: part("2") },
  ];
  const { states, enumerated } = crashStates(tree({}), operations);
  expect(states.map(({ tree: one, done }) => [one.size, done])).toEqual([
    [0, 3],
    [1, 3],
    [2, 3],
  ]);
  // 1, 2, 4 and 8 subsets, each with all and with nothing of the contents; an empty file has no other.
  expect(enumerated).toBe(2 * (1 + 2 + 4 + 8));
});
