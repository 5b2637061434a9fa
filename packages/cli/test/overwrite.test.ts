import fs from "node:fs";
import { cp, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { createHash } from "node:crypto";
import { basename, join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { newTemporaryName } from "@bn-only/files";
import { Interrupted } from "../src/io.ts";
import { newLockName } from "../src/run/files.ts";
import { lockRun } from "../src/run/lock.ts";
import { putInPlace } from "../src/run/replacement.ts";
import { temporaryFolder } from "./support/folder.ts";
import { hashOf, interrupted, train } from "./support/interrupted.ts";
import { run, tiny } from "./support/io.ts";

/** What a folder holds, by name. */
async function contentsOf(folder: string): Promise<Record<string, string>> {
  const names = (await readdir(folder)).sort();
  const hash = async (name: string): Promise<string> =>
    createHash("sha256")
      .update(await readFile(join(folder, name)))
      .digest("hex");
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await hash(name)] as const)),
  );
}

let finished: string;
let other: string;
beforeAll(async () => {
  finished = join(await temporaryFolder(), "run");
  other = join(await temporaryFolder(), "run");
  await run([...train, "--epochs", "1", "--out", finished]);
  await run([...train, "--epochs", "1", "--seed", "1", "--no-report", "--out", other]);
});

async function copyOf(folder: string): Promise<string> {
  const copy = join(await temporaryFolder(), "run");
  await cp(folder, copy, { recursive: true });
  return copy;
}

describe("train --out on a finished run", () => {
  test.each([
    ["as it is", []],
    ["with data that are not there", ["--dataset", "cifar10", "--data-dir", "/nonexistent"]],
    ["with another seed", ["--seed", "1"]],
  ])("%s: refused, and nothing is touched", async (_, more) => {
    const out = await copyOf(finished);
    const before = await contentsOf(out);
    const { code, err } = await run(["train", ...tiny, ...more, "--out", out]);
    expect(code).toBe(2);
    expect(err).toBe(
      `error: --out ${out} holds a run that has finished. Choose another folder, or replace it with --overwrite.\n`,
    );
    expect(await contentsOf(out)).toEqual(before);
  });

  test.each([
    ["data that are not there", ["--dataset", "cifar10", "--data-dir", "/nonexistent"]],
    ["a learning rate that diverges", ["--learning-rate", "1e30"]],
  ])("--overwrite, %s: the earlier run stays", async (_, more) => {
    const out = await copyOf(finished);
    const before = await contentsOf(out);
    const offline = { env: { BN_ONLY_OFFLINE: "1" } };
    const { code } = await run(
      [...train, "--epochs", "1", ...more, "--overwrite", "--out", out],
      offline,
    );
    expect(code).toBeGreaterThan(0);
    const { [".replacement"]: _replacement, ...after } = await contentsOf(out).catch(async () => {
      await rename(join(out, ".replacement"), `${out}-replacement`);
      return contentsOf(out);
    });
    expect(after).toEqual(before);
  });

  test("--overwrite: replaced by the run that succeeded; what is not of a run stays", async () => {
    const out = await copyOf(finished);
    await writeFile(join(out, "notes.txt"), "mine");
    const more = ["--epochs", "1", "--seed", "1", "--no-report", "--overwrite"];
    const { code } = await run([...train, ...more, "--out", out]);
    expect(code).toBe(0);
    expect((await readdir(out)).sort()).toEqual([...(await readdir(other)), "notes.txt"].sort());
    expect(await hashOf(out)).toBe(await hashOf(other));
    const { result } = JSON.parse(await readFile(join(out, "run.json"), "utf8")) as {
      result: { out: string; seed: number };
    };
    expect(result).toMatchObject({ out, seed: 1 });
  });

  test("--overwrite, interrupted: the old model is there; resume goes on and replaces it", async () => {
    const out = await copyOf(finished);
    const [old, command] = [
      await hashOf(out),
      [...train, "--epochs", "2", "--overwrite", "--out", out],
    ];
    const controller = new AbortController();
    await run([...command, "--json"], {
      signal: controller.signal,
      onWrite: (text) => text.includes('"step":5,') && controller.abort(new Interrupted()),
    });
    expect(await hashOf(out)).toBe(old);
    expect((await run(["report", out])).code).toBe(0);
    const again = await copyOf(out);
    expect((await run(["resume", out])).out).toContain(`${out} goes on after 5 steps`);
    const undisturbed = join(await temporaryFolder(), "run");
    await run([...train, "--epochs", "2", "--out", undisturbed]);
    expect(await hashOf(out)).toBe(await hashOf(undisturbed));
    expect(await readdir(out)).not.toContain(".replacement");
    const { out: text } = await run([...command.slice(0, -1), again]);
    expect(text).toContain("goes on after 5 steps");
    expect(await hashOf(again)).toBe(await hashOf(undisturbed));
  });

  test("killed while the files were put in place: the next command ends it", async () => {
    const out = await copyOf(finished);
    await cp(other, join(out, ".committed"), { recursive: true });
    await rename(join(out, ".committed", "model.safetensors"), join(out, "model.safetensors"));
    const { code, out: text } = await run(["evaluate", join(out, "model.safetensors"), "--json"]);
    expect({ code, seed: text.includes('"seed":1') }).toEqual({ code: 0, seed: true });
    const { "run.json": runFile, "metrics.jsonl": metrics } = await contentsOf(other);
    expect(await contentsOf(out)).toMatchObject({ "run.json": runFile, "metrics.jsonl": metrics });
    expect(await readdir(out)).not.toContain(".committed");
  });
});

test("the model's move is on disk, in both folders, before another file moves", async () => {
  const out = await copyOf(finished);
  const committed = join(out, ".committed");
  await cp(other, committed, { recursive: true });
  const { openSync, renameSync } = fs;
  const events: string[] = [];
  fs.renameSync = (from, to) => {
    events.push(basename(String(to)));
    renameSync(from, to);
  };
  fs.openSync = (path, ...rest) => {
    if (path === out || path === committed) events.push(`sync ${basename(path)}`);
    return openSync(path, ...rest);
  };
  syncBuiltinESMExports();
  putInPlace(out);
  Object.assign(fs, { openSync, renameSync });
  syncBuiltinESMExports();
  const moved = ["model.safetensors", "sync run", "sync .committed", "report.json"];
  expect(events).toEqual(["sync run", ...moved, "metrics.jsonl", "run.json", "sync run"]);
});

/** A run that was killed once it said that it had finished: checkpoints are there, and no page. */
async function killedAtTheEnd(folder: string): Promise<string> {
  const out = await copyOf(folder);
  await rm(join(out, "report.html"));
  for (const name of ["checkpoint.safetensors", "gammas.json"])
    await writeFile(join(out, name), "");
  await writeFile(join(out, newTemporaryName("report.html")), "half");
  await writeFile(join(out, newLockName()), "");
  return out;
}

describe("a run that was killed once it had finished", () => {
  const said = "the run had finished when its process was killed; what was left to do is done";

  test.each([
    ["the same command", (out: string) => [...train, "--epochs", "1", "--out", out]],
    ["resume", (out: string) => ["resume", out]],
  ])("%s makes its page and removes what it left", async (_, command) => {
    const out = await killedAtTheEnd(finished);
    const { code, out: text } = await run(command(out));
    expect({ code, text }).toEqual({ code: 0, text: `${out}: ${said}\n` });
    expect(await contentsOf(out)).toEqual(await contentsOf(finished));
  });

  test("with --json its result is the last line", async () => {
    const out = await killedAtTheEnd(finished);
    const { out: text } = await run(["resume", out, "--json"]);
    expect(JSON.parse(text)).toMatchObject({ event: "result", network: "cifar-resnet-8", seed: 0 });
  });

  test("another command is refused as ever", async () => {
    const out = await killedAtTheEnd(finished);
    const { code, err } = await run([...train, "--epochs", "1", "--seed", "1", "--out", out]);
    expect(code).toBe(2);
    expect(err).toContain("holds a run that has finished");
    expect(await hashOf(out)).toBe(await hashOf(finished));
  });

  test.each([
    [
      "the same command",
      (out: string) => [
        ...train,
        "--epochs",
        "1",
        "--seed",
        "1",
        "--no-report",
        "--overwrite",
        "--out",
        out,
      ],
    ],
    ["resume", (out: string) => ["resume", out]],
    ["evaluate", (out: string) => ["evaluate", join(out, "model.safetensors")]],
  ])("before it took the place of another: %s puts it there", async (_, command) => {
    const out = await copyOf(finished);
    await cp(other, join(out, ".replacement"), { recursive: true });
    await writeFile(join(out, ".replacement", "checkpoint.safetensors"), "");
    const { code, out: text } = await run(command(out));
    expect({ code, trained: text.includes("images/s") }).toEqual({ code: 0, trained: false });
    expect(await hashOf(out)).toBe(await hashOf(other));
    expect((await readdir(out)).sort()).toEqual((await readdir(other)).sort());
  });

  test("while its process lives, nothing is touched", async () => {
    const out = await killedAtTheEnd(finished);
    const lock = await lockRun(out, () => {});
    const before = await contentsOf(out);
    expect((await run(["evaluate", join(out, "model.safetensors")])).code).toBe(0);
    expect(await contentsOf(out)).toEqual(before);
    lock.release();
  });

  test("its model can be read where nothing can be written", async () => {
    const out = await killedAtTheEnd(finished);
    const { writeFileSync } = fs;
    fs.writeFileSync = () => {
      throw Object.assign(new Error("raw"), { code: "EROFS" });
    };
    syncBuiltinESMExports();
    const { code } = await run(["evaluate", join(out, "model.safetensors")]);
    fs.writeFileSync = writeFileSync;
    syncBuiltinESMExports();
    expect(code).toBe(0);
  });
});

describe("train --out on an unfinished run", () => {
  test("the same command goes on, to the undisturbed model", async () => {
    const [out, undisturbed] = [
      join(await temporaryFolder(), "a"),
      join(await temporaryFolder(), "b"),
    ];
    await run([...train, "--out", undisturbed]);
    await interrupted(out, 7);
    const { code, out: text } = await run([...train, "--out", out]);
    expect(code).toBe(0);
    expect(text).toContain(`${out} goes on after 7 steps`);
    expect(await hashOf(out)).toBe(await hashOf(undisturbed));
  });

  test("another seed: refused, and the checkpoint stays", async () => {
    const out = join(await temporaryFolder(), "run");
    await interrupted(out, 3);
    const before = await contentsOf(out);
    const { code, err } = await run([...train, "--seed", "1", "--out", out]);
    expect(code).toBe(2);
    expect(err).toContain("holds an unfinished run with seed 0, not 1. Go on with it by bn-only");
    expect(await contentsOf(out)).toEqual(before);
  });
});

test("a replacement that was killed before its first file is begun again", async () => {
  const out = await copyOf(finished);
  await mkdir(join(out, ".replacement"));
  const more = ["--epochs", "1", "--seed", "1", "--overwrite"];
  expect((await run([...train, ...more, "--out", out])).code).toBe(0);
  expect(await hashOf(out)).toBe(await hashOf(other));
});
