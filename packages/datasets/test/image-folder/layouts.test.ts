import { readdir } from "node:fs/promises";
import type * as files from "node:fs/promises";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { FormatError } from "../../src/errors.ts";
import { imageFolder } from "../../src/image-folder/image-folder.ts";
import { folderOf, png, twoClasses } from "./folder.ts";

vi.mock("node:fs/promises", async (original) => {
  const actual = await original<typeof files>();
  return { ...actual, readdir: vi.fn(actual.readdir) };
});

test("a class may be called train", async () => {
  const path = await folderOf({
    ...twoClasses(2),
    "train/a.png": png(1),
    "train/more/b.png": png(2),
  });
  const { train } = await imageFolder(path);
  expect(train.classes).toEqual(["cat", "dog", "train"]);
});

test("a class that cannot be read is named", async () => {
  const path = await folderOf(twoClasses(2));
  const denied = Object.assign(new Error("EACCES: permission denied"), { code: "EACCES" });
  const { readdir: actual } = await vi.importActual<typeof files>("node:fs/promises");
  vi.mocked(readdir).mockImplementation(async (folder, options) => {
    if (folder === join(path, "dog")) throw denied;
    return actual(folder as string, options as never) as never;
  });
  const error = await imageFolder(path).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(FormatError);
  expect(String(error)).toContain(`${join(path, "dog")}: expected a folder, got none (EACCES).`);
});
