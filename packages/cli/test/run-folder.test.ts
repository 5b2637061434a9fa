import { appendFileSync } from "node:fs";
import { mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { newTemporaryName, writeWhole } from "@bn-only/files";
import { UsageError } from "../src/errors.ts";
import { claimFolder, type Claimant, makeNewFolder } from "../src/run/claim.ts";
import { newLockName } from "../src/run/files.ts";
import { RunFolder } from "../src/run/folder.ts";
import { metricsUpTo } from "../src/run/metrics-up-to.ts";
import { fateOf, readGammas, readRunFile } from "../src/run/read.ts";
import { temporaryFolder } from "./support/folder.ts";

const open = (path: string, description = {}): RunFolder =>
  new RunFolder(path, { out: path, description, warn: () => {} });
const read = async (folder: string): Promise<object> =>
  JSON.parse(await readFile(join(folder, "run.json"), "utf8")) as object;
const options = { seed: 3, backend: "auto", dataset: "synthetic" } as Claimant["options"];
const claimant: Claimant = { network: "cifar-resnet-8", options, overwrite: false };

describe("RunFolder", () => {
  test("is made with all its parents, and can be read from the start", async () => {
    const path = join(await temporaryFolder(), "a", "b");
    const folder = open(path, { seed: 3 });
    expect(await read(path)).toEqual({ status: "running", seed: 3 });
    folder.append({ loss: 1 });
    folder.append({ loss: 2 });
    expect(await readFile(join(path, "metrics.jsonl"), "utf8")).toBe('{"loss":1}\n{"loss":2}\n');
  });

  test("a new status keeps the description and leaves no other file", async () => {
    const path = await temporaryFolder();
    const folder = open(path, { seed: 3 });
    folder.setStatus("failed", { message: "why" });
    expect(await read(path)).toEqual({ status: "failed", seed: 3, message: "why" });
    expect((await readdir(path)).sort()).toEqual(["metrics.jsonl", "run.json"]);
  });

  test("half-written files of a process that was killed are removed, those of others are not", async () => {
    const path = await temporaryFolder();
    const own = newTemporaryName("model.safetensors");
    for (const name of [own, ".model.safetensors.part", "notes.txt"]) {
      await writeFile(join(path, name), "x");
    }
    open(path);
    const left = [".model.safetensors.part", "metrics.jsonl", "notes.txt", "run.json"];
    expect((await readdir(path)).sort()).toEqual(left);
  });

  test.each(["", "/deeper"])(
    "a file in the way%s is the system's error with its path",
    async (end) => {
      const file = join(await temporaryFolder(), "file");
      await writeFile(file, "");
      expect(() => claimFolder(`${file}${end}`, claimant)).toThrow(
        expect.objectContaining({ code: "ENOTDIR" }),
      );
    },
  );

  test("a file that cannot be written leaves no half of it", async () => {
    const path = await temporaryFolder();
    const folder = open(path);
    await mkdir(folder.file("report.html"));
    expect(() => folder.write("report.html", "x")).toThrow("report.html");
    expect((await readdir(path)).sort()).toEqual(["metrics.jsonl", "report.html", "run.json"]);
  });

  test("what can be missed is told of once, and named as long as it is missing", async () => {
    const path = await temporaryFolder();
    const warnings: string[] = [];
    const folder = new RunFolder(path, {
      out: path,
      description: {},
      warn: (line) => warnings.push(line),
    });
    const full = (): never => {
      throw Object.assign(new Error("raw"), { code: "ENOSPC", path: "there" });
    };
    folder.attempt("report.json", full);
    folder.attempt("report.html", full);
    folder.attempt("report.json", () => {});
    expect(folder.missing()).toEqual(["report.html"]);
    expect(warnings).toEqual([
      "report.json could not be written, the run goes on without: the disk is full at there. Free some space, or choose another folder with --out.",
    ]);
    expect(() =>
      folder.attempt("report.html", () => {
        throw new TypeError("of our own");
      }),
    ).toThrow("of our own");
  });
});

test("writeWhole does not follow a link that was put where the file is to be", async () => {
  const [path, elsewhere] = [await temporaryFolder(), join(await temporaryFolder(), "theirs")];
  await writeFile(elsewhere, "theirs");
  await symlink(elsewhere, join(path, "run.json"));
  writeWhole(join(path, "run.json"), "ours");
  expect(await readFile(elsewhere, "utf8")).toBe("theirs");
  expect(await readFile(join(path, "run.json"), "utf8")).toBe("ours");
});

describe("claimFolder", () => {
  const holding = async (files: Readonly<Record<string, string>>): Promise<string> => {
    const path = await temporaryFolder();
    for (const [name, contents] of Object.entries(files)) {
      await writeFile(join(path, name), contents);
    }
    return path;
  };
  const run = (status: string, seed: number): string =>
    JSON.stringify({
      status,
      network: "cifar-resnet-8",
      options: { ...options, seed, backend: "wasm", normalization: "own" },
    });

  test("makes nothing, and refuses what could not be made", async () => {
    const path = await temporaryFolder();
    expect(claimFolder(join(path, "a", "b"), claimant)).toEqual({ kind: "begin" });
    expect(claimFolder(path, claimant)).toEqual({ kind: "begin" });
    expect(await readdir(path)).toEqual([]);
  });

  test.each([
    ["killed before its first file", { [newLockName()]: "", [newTemporaryName("run.json")]: "{" }],
    ["killed with its metrics first, as of old", { "metrics.jsonl": "" }],
    ["killed before its first checkpoint", { "run.json": run("running", 4), "metrics.jsonl": "" }],
  ])("a run that was %s is begun again", async (_, files) => {
    expect(claimFolder(await holding(files), claimant)).toEqual({ kind: "begin" });
  });

  test.each<[string, Readonly<Record<string, string>>, string]>([
    ["something else", { "thesis.txt": "" }, "is not empty and holds no run"],
    ["a model of unknown origin", { "model.safetensors": "" }, "holds no run"],
    ["metrics of unknown origin", { "metrics.jsonl": "{}\n" }, "holds no run"],
    ["a finished run", { "run.json": run("finished", 3) }, "holds a run that has finished"],
    [
      "a checkpoint of another run",
      { "run.json": run("aborted", 4), "checkpoint.safetensors": "" },
      "holds an unfinished run with seed 4, not 3",
    ],
    [
      "a checkpoint, and half a run.json",
      { "run.json": "{", "checkpoint.previous.safetensors": "" },
      "holds a run whose run.json cannot be read",
    ],
  ])("%s stays", async (_, files, message) => {
    const path = await holding(files);
    expect(() => claimFolder(path, claimant)).toThrow(message);
  });

  test("--overwrite is for runs only, and makes the new one beside the old", async () => {
    const overwriting = { ...claimant, overwrite: true };
    const strange = await holding({ "thesis.txt": "" });
    expect(() => claimFolder(strange, overwriting)).toThrow("holds no run");
    for (const text of [run("finished", 3), "{"]) {
      const path = await holding({ "run.json": text, "model.safetensors": "" });
      expect(claimFolder(path, overwriting)).toEqual({ kind: "replace" });
    }
  });

  test("the very run goes on; of what the machine decided, anything fits", async () => {
    const path = await holding({ "run.json": run("running", 3), "checkpoint.safetensors": "" });
    expect(claimFolder(path, claimant)).toEqual({ kind: "go on" });
    const cpu = { ...claimant, options: { ...options, backend: "cpu" } };
    expect(() => claimFolder(path, cpu)).toThrow('backend "wasm", not "cpu"');
  });
});

test("makeNewFolder: everybody gets one of his own", async () => {
  const path = join(await temporaryFolder(), "runs", "run");
  expect([1, 2, 3].map(() => makeNewFolder(path))).toEqual([path, `${path}-2`, `${path}-3`]);
});

test("metricsUpTo: later steps go, epochs come from the state", () => {
  const step = (number: number, epoch: number) => ({ event: "step", step: number, epoch });
  const history = [{ event: "epoch", epoch: 0, trainLoss: 2 }] as never;
  const lines = [step(1, 0), step(2, 0), step(3, 1), step(4, 1)];
  expect(metricsUpTo(lines, { step: 3, history })).toEqual([
    step(1, 0),
    step(2, 0),
    { event: "epoch", epoch: 0, trainLoss: 2 },
    step(3, 1),
  ]);
  expect(metricsUpTo(lines, undefined)).toEqual([]);
  const damaged = [{ toString: 1 }, "1", null].flatMap((value) => [
    { event: "step", step: value, epoch: 0 },
    { event: "step", step: 1, epoch: value },
  ]);
  expect(metricsUpTo([...damaged, step(1, 0)], { step: 3, history: [] })).toEqual([step(1, 0)]);
});

test.each([
  ["[0.1, 0.5]", Float32Array.of(0.1, 0.5)],
  ["[0.1, 1e308]", undefined],
  ['[0.1, "0.5"]', undefined],
  ["[0.1, null]", undefined],
  ["0.1", undefined],
  ["[0.1", undefined],
])("gammas.json that holds %s", async (contents, gammas) => {
  const path = await temporaryFolder();
  await writeFile(join(path, "gammas.json"), contents);
  expect(readGammas(path)).toEqual(gammas);
});

test.each([
  ["message", 5],
  ["message", null],
  ["workingFolder", { toString: 1 }],
  ["options", true],
  ["network", ["x"]],
  ["status", {}],
])("a run.json whose %s is %j is that of no run", async (name, value) => {
  const path = await temporaryFolder();
  const run = { status: "aborted", network: "cifar-resnet-8", options: {}, message: "stopped" };
  await writeFile(join(path, "run.json"), JSON.stringify(run));
  expect(fateOf(path, readRunFile(path))).toBe(
    `has not finished (aborted: stopped). Go on with: bn-only resume ${path}`,
  );
  await writeFile(join(path, "run.json"), JSON.stringify({ ...run, [name]: value }));
  expect(() => readRunFile(path)).toThrow(UsageError);
  expect(() => readRunFile(path)).toThrow("run.json is not that of a run");
});

test("a line that somebody else tore is not written behind", async () => {
  const path = await temporaryFolder();
  const folder = open(path);
  folder.append({ loss: 1 });
  appendFileSync(join(path, "metrics.jsonl"), '{"lo');
  folder.append({ loss: 2 });
  expect(await readFile(join(path, "metrics.jsonl"), "utf8")).toBe('{"loss":1}\n{"loss":2}\n');
});
