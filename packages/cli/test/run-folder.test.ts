import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { checkRunFolder, createRunFolder } from "../src/run/folder.ts";
import { temporaryFolder } from "./support/folder.ts";

const read = async (folder: string): Promise<{ status: string }> =>
  JSON.parse(await readFile(join(folder, "run.json"), "utf8")) as { status: string };

describe("createRunFolder", () => {
  test("is made with all its parents, and can be read from the start", async () => {
    const path = join(await temporaryFolder(), "a", "b");
    const folder = createRunFolder(path, { seed: 3 });
    expect(await read(path)).toEqual({ status: "running", seed: 3 });
    folder.append({ loss: 1 });
    folder.append({ loss: 2 });
    expect(await readFile(join(path, "metrics.jsonl"), "utf8")).toBe('{"loss":1}\n{"loss":2}\n');
  });

  test("a new status keeps the description and leaves no other file", async () => {
    const path = await temporaryFolder();
    const folder = createRunFolder(path, { seed: 3 });
    folder.setStatus("failed", { message: "why" });
    expect(await read(path)).toEqual({ status: "failed", seed: 3, message: "why" });
    expect((await readdir(path)).sort()).toEqual(["metrics.jsonl", "run.json"]);
  });

  test("a run in the folder of an earlier one leaves nothing of it", async () => {
    const path = await temporaryFolder();
    const first = createRunFolder(path, {});
    first.write("model.safetensors", "old");
    first.write("report.html", "old");
    first.write("report.json", "old");
    first.append({ loss: 1 });
    createRunFolder(path, {});
    expect((await readdir(path)).sort()).toEqual(["metrics.jsonl", "run.json"]);
    expect(await readFile(join(path, "metrics.jsonl"), "utf8")).toBe("");
  });

  test("another folder that is not empty is left alone", async () => {
    const path = await temporaryFolder();
    await writeFile(join(path, "thesis.txt"), "mine");
    expect(() => createRunFolder(path, {})).toThrow(
      `--out ${path} is not empty and holds no run. Choose a new folder, or empty this one.`,
    );
    expect(await readdir(path)).toEqual(["thesis.txt"]);
  });

  test.each(["", "/deeper"])(
    "a file in the way%s is the system's error with its path",
    async (end) => {
      const file = join(await temporaryFolder(), "file");
      await writeFile(file, "");
      expect(() => createRunFolder(`${file}${end}`, {})).toThrow(
        expect.objectContaining({ code: "ENOTDIR", path: `${file}${end}` }),
      );
    },
  );

  test("a file that cannot be written leaves no half of it", async () => {
    const path = await temporaryFolder();
    const folder = createRunFolder(path, {});
    await mkdir(folder.file("report.html"));
    expect(() => folder.write("report.html", "x")).toThrow("report.html");
    expect((await readdir(path)).sort()).toEqual(["metrics.jsonl", "report.html", "run.json"]);
  });
});

describe("checkRunFolder", () => {
  test("makes nothing, and refuses what could not be made", async () => {
    const path = await temporaryFolder();
    checkRunFolder(join(path, "a", "b"));
    checkRunFolder(path);
    expect(await readdir(path)).toEqual([]);
    await writeFile(join(path, "thesis.txt"), "mine");
    expect(() => checkRunFolder(path)).toThrow("is not empty and holds no run");
    expect(() => checkRunFolder(join(path, "thesis.txt", "run"))).toThrow(
      expect.objectContaining({ code: "ENOTDIR" }),
    );
  });
});
