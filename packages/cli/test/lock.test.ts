import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { mkdir, readdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { newLockName } from "../src/run/files.ts";
import { isLocked, lockRun } from "../src/run/lock.ts";
import { type ProcessIdentity, stateOf, thisProcess } from "../src/run/process-identity.ts";
import { ended, spawnBin, textOf } from "./support/bin.ts";
import { temporaryFolder } from "./support/folder.ts";
import { hashOf } from "./support/interrupted.ts";
import { run, tiny } from "./support/io.ts";

const lines: string[] = [];
const say = (line: string): void => void lines.push(line);

async function withOwner(owner: object | string): Promise<{ folder: string; file: string }> {
  const folder = await temporaryFolder();
  const file = join(folder, newLockName());
  await writeFile(file, typeof owner === "string" ? owner : JSON.stringify(owner));
  return { folder, file };
}

/** A process that has ended. */
async function dead(): Promise<ProcessIdentity> {
  const child = spawn(process.execPath, ["-e", ""]);
  const { pid } = child;
  await once(child, "close");
  return { ...thisProcess(), pid: pid! };
}

describe("lockRun", () => {
  test("keeps everybody else out until it is released", async () => {
    const folder = await temporaryFolder();
    const lock = await lockRun(folder, say);
    const [name] = readdirSync(folder);
    expect(JSON.parse(readFileSync(join(folder, name!), "utf8"))).toMatchObject({
      ...thisProcess(),
      since: expect.stringMatching(/^\d{4}-/),
    });
    await expect(lockRun(folder, say)).rejects.toThrow(
      `${folder} is in use by process ${process.pid} (since `,
    );
    lock.release();
    (await lockRun(folder, say)).release();
    expect(await readdir(folder)).toEqual([]);
  });

  test("of a name that is a pipe or leads to a device: nobody's, and nobody waits for it", async () => {
    const folder = await temporaryFolder();
    await symlink("/dev/zero", join(folder, newLockName()));
    execFileSync("mkfifo", [join(folder, newLockName())]);
    expect(isLocked(folder)).toBe(false);
    (await lockRun(folder, say)).release();
    expect(await readdir(folder)).toEqual([]);
  });

  test("of many that come at once, no two get it", async () => {
    const folder = await temporaryFolder();
    const came = await Promise.allSettled(Array.from({ length: 8 }, () => lockRun(folder, say)));
    expect(came.filter(({ status }) => status === "fulfilled").length).toBeLessThanOrEqual(1);
  });

  test("of a process that is gone: taken over, with a line", async () => {
    const owner = { ...(await dead()), since: "2026-11-26T10:00:00.000Z" };
    const { folder } = await withOwner(owner);
    expect(isLocked(folder)).toBe(false);
    lines.length = 0;
    (await lockRun(folder, say)).release();
    expect(lines).toEqual([
      `${folder} was left by process ${owner.pid} (since 2026-11-26T10:00:00.000Z), which is gone; taking it over`,
    ]);
    expect(await readdir(folder)).toEqual([]);
  });

  test.runIf(process.platform === "linux")(
    "a number that another process has by now is told apart",
    () => {
      const here = thisProcess();
      expect(stateOf(here)).toBe("alive");
      expect(stateOf({ ...here, startTime: "1" })).toBe("dead");
      expect(stateOf({ ...here, boot: "another" })).toBe("dead");
      expect(stateOf({ ...here, host: "another" })).toBe("unknown");
      expect(stateOf({ ...here, namespace: "another" })).toBe("unknown");
    },
  );

  test("of another host: kept, and the file to remove is named", async () => {
    const { folder, file } = await withOwner({ ...thisProcess(), host: "elsewhere", since: "now" });
    await expect(lockRun(folder, say)).rejects.toThrow(
      `${folder} is in use by process ${process.pid} (since now) on elsewhere. ` +
        `That cannot be checked from here: if it is gone, remove ${file}.`,
    );
  });

  test.each([
    "",
    "{",
    "null",
    '{"pid":-1,"host":"x","since":"now"}',
    '{"pid":"1"}',
    '{"pid":1,"host":"x","since":{"toString":1}}',
    '{"pid":1,"host":"x","since":"now","boot":{"toString":1}}',
  ])("a lock that says %j is of a machine that went down", async (text) => {
    const { folder } = await withOwner(text);
    (await lockRun(folder, say)).release();
    expect(await readdir(folder)).toEqual([]);
  });
});

describe("two processes", () => {
  const slow = [...tiny, "--epochs", "40", "--no-report"];

  test("on one --out: one trains, the others are refused; so is resume", async () => {
    const out = join(await temporaryFolder(), "run");
    const children = Array.from({ length: 3 }, () => spawnBin(["train", ...slow, "--out", out]));
    const results = await Promise.all(
      children.map(async (child) => {
        const [err, code] = await Promise.all([
          textOf(child.stderr),
          ended(child),
          textOf(child.stdout),
        ]);
        return { err, code };
      }),
    );
    expect(results.map(({ code }) => code).sort()).toEqual([0, 2, 2]);
    for (const { err } of results.filter(({ code }) => code === 2)) {
      expect(err).toMatch(/is in use by process|holds a run that has finished/);
    }
    const alone = join(await temporaryFolder(), "run");
    await run(["train", ...slow, "--out", alone]);
    expect(await hashOf(out)).toBe(await hashOf(alone));
    const lock = await lockRun(out, say);
    expect((await run(["resume", out])).err).toContain(`is in use by process ${process.pid}`);
    expect((await run(["train", ...slow, "--overwrite", "--out", out])).err).toContain("in use");
    lock.release();
  });

  test("started in one second without --out: two folders", async () => {
    const cwd = await temporaryFolder();
    await mkdir(join(cwd, "runs"));
    const children = [1, 2, 3].map(() => spawnBin(["train", ...tiny, "--no-report"], { cwd }));
    for (const child of children) child.stdout!.resume();
    expect(await Promise.all(children.map(ended))).toEqual([0, 0, 0]);
    expect(await readdir(join(cwd, "runs"))).toHaveLength(3);
  });
});
