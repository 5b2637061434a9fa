import fs from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { temporaryFolder } from "./support/folder.ts";
import { run, tiny } from "./support/io.ts";

const { writeFileSync, mkdirSync } = fs;

afterEach(() => {
  Object.assign(fs, { writeFileSync, mkdirSync });
  syncBuiltinESMExports();
});

function systemError(code: string, path?: string): Error {
  return Object.assign(new Error(`${code}: raw`), { code, ...(path !== undefined && { path }) });
}

/** Writes to files whose path contains one of `names` fail as on a full disk. */
function fillDisk(...names: string[]): void {
  fs.writeFileSync = vi.fn<typeof writeFileSync>((path, ...rest) => {
    if (names.some((name) => String(path).includes(name))) throw systemError("ENOSPC");
    writeFileSync(path, ...rest);
  });
  syncBuiltinESMExports();
}

async function fails(out: string): Promise<string> {
  const { code, err } = await run(["train", ...tiny, "--out", out]);
  expect(code).toBeGreaterThan(0);
  expect(err).toMatch(/^error: [^\n]+\n$/);
  return err;
}

describe("--out", () => {
  test.each(["model.safetensors", "report.html"])(
    "a disk that is full when %s is written",
    async (name) => {
      const out = join(await temporaryFolder(), "run");
      fillDisk(name);
      const path = join(out, name);
      expect(await fails(out)).toBe(
        `error: the disk is full at ${path}. Free some space, or choose another folder with --out.\n`,
      );
      const status = JSON.parse(await readFile(join(out, "run.json"), "utf8")) as object;
      expect(status).toMatchObject({ status: "failed", message: expect.stringContaining("full") });
      expect(await readdir(out)).not.toContain(name);
    },
  );

  test("a disk without a byte left: run.json still says that the run failed", async () => {
    const out = join(await temporaryFolder(), "run");
    await run(["train", ...tiny, "--no-report", "--out", out]);
    fillDisk("model.safetensors", "run.json");
    await fails(out);
    const status = JSON.parse(await readFile(join(out, "run.json"), "utf8")) as object;
    expect(status).toMatchObject({ status: "failed" });
  });

  test("a disk that is full from the start", async () => {
    const out = join(await temporaryFolder(), "run");
    fillDisk("run.json", "metrics.jsonl");
    expect(await fails(out)).toContain(`the disk is full at ${out}`);
  });

  test("a folder that cannot be made, before any work is done", async () => {
    const out = join(await temporaryFolder(), "run");
    fs.mkdirSync = ((path: string) => {
      throw systemError("EROFS", path);
    }) as typeof mkdirSync;
    syncBuiltinESMExports();
    expect(await fails(out)).toBe(
      `error: no permission at ${out}. Change it, or choose another folder with --out.\n`,
    );
  });

  test("a file in the way, and a folder that holds no run", async () => {
    const folder = await temporaryFolder();
    const file = join(folder, "file");
    await writeFile(file, "mine");
    expect(await fails(file)).toContain(`a file is in the way at ${file}. Choose another folder`);
    expect(await fails(join(file, "run"))).toContain("a file is in the way");
    expect(await fails(folder)).toContain("is not empty and holds no run");
    expect(await readFile(file, "utf8")).toBe("mine");
  });
});
