import fs from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { Interrupted } from "../src/io.ts";
import { spawnBin, textOf } from "./support/bin.ts";
import { temporaryFolder } from "./support/folder.ts";
import { hashOf } from "./support/interrupted.ts";
import { parseLines, run, tiny } from "./support/io.ts";

const { writeFileSync, writeSync, mkdirSync, fsyncSync, renameSync } = fs;
const originals = { writeFileSync, writeSync, mkdirSync, fsyncSync, renameSync };

afterEach(() => {
  Object.assign(fs, originals);
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

/** Some lines of metrics do not fit; of each a few bytes do. */
function fillDiskFor(lines: (line: number) => boolean): void {
  let line = 0;
  fs.writeSync = ((
    descriptor: number,
    bytes: Buffer,
    offset: number,
    length: number,
    at: number,
  ) => {
    // Whole files are written without a position.
    if (typeof at !== "number" || !lines(line++))
      return writeSync(descriptor, bytes, offset, length, at);
    writeSync(descriptor, bytes, offset, 5, at);
    throw systemError("ENOSPC");
  }) as typeof writeSync;
  syncBuiltinESMExports();
}

async function fails(out: string): Promise<string> {
  const { code, err } = await run(["train", ...tiny, "--out", out]);
  expect(code).toBeGreaterThan(0);
  expect(err).toMatch(/^error: [^\n]+\n$/);
  return err;
}

test("the metrics are on disk before the run says that it has finished", async () => {
  const out = join(await temporaryFolder(), "run");
  const [metrics, steps] = [join(out, "metrics.jsonl"), [] as string[]];
  const isMetrics = (descriptor: number): boolean =>
    fs.statSync(metrics, { throwIfNoEntry: false })?.ino === fs.fstatSync(descriptor).ino;
  fs.writeSync = ((...args: Parameters<typeof writeSync>) => {
    if (isMetrics(args[0])) steps.push("write");
    return writeSync(...args);
  }) as typeof writeSync;
  fs.fsyncSync = (descriptor) => {
    if (isMetrics(descriptor)) steps.push("sync");
    fsyncSync(descriptor);
  };
  fs.renameSync = (from, to) => {
    renameSync(from, to);
    if (to === join(out, "run.json")) steps.push("run.json");
  };
  syncBuiltinESMExports();
  expect((await run(["train", ...tiny, "--no-report", "--out", out])).code).toBe(0);
  // Lines of steps and of the epoch; those that come together are one write.
  expect(steps.join(" ")).toMatch(/^run\.json (write )+sync run\.json$/);
});

test("Ctrl-C on a disk that takes no checkpoint says so, and what is lost", async () => {
  const out = join(await temporaryFolder(), "run");
  fillDisk("checkpoint.safetensors");
  const controller = new AbortController();
  const command = ["train", ...tiny, "--epochs", "9", "--checkpoint-every", "1steps", "--out", out];
  const result = await run(command, {
    signal: controller.signal,
    onWrite: (text) => text.includes("epoch 1/9") && controller.abort(new Interrupted()),
  });
  const lost = "no checkpoint was written, so nothing of the training (2 steps) was kept";
  expect(result.code).toBe(130);
  expect(result.out).toContain(`${lost}; to begin it again: bn-only resume ${out}\n`);
  expect(result.err).toMatch(/^warning: checkpoint[^\n]+ the disk is full [^\n]+\nerror: inter/);
});

test("a line that a disk did not take is there before the checkpoint of its step", async () => {
  const out = join(await temporaryFolder(), "run");
  // The first line of a write that is due again at the checkpoint of Ctrl-C.
  fillDiskFor((line) => line === 3);
  const controller = new AbortController();
  const command = ["train", ...tiny, "--epochs", "3", "--checkpoint-every", "1epoch", "--out", out];
  await run([...command, "--json"], {
    signal: controller.signal,
    onWrite: (text) => text.includes('"step":3,') && controller.abort(new Interrupted()),
  });
  Object.assign(fs, originals);
  syncBuiltinESMExports();
  expect((await run(["resume", out])).out).toContain("goes on after 3 steps");
  const steps = parseLines(await readFile(join(out, "metrics.jsonl"), "utf8"));
  expect(steps.flatMap(({ event, step }) => (event === "step" ? [step] : []))).toEqual([
    1, 2, 3, 4, 5, 6,
  ]);
});

test("a device that fails is named", async () => {
  const out = join(await temporaryFolder(), "run");
  fs.writeFileSync = ((path, ...rest) => {
    if (String(path).includes("model.safetensors")) throw systemError("EIO");
    writeFileSync(path, ...rest);
  }) as typeof writeFileSync;
  syncBuiltinESMExports();
  const path = join(out, "model.safetensors");
  expect(await fails(out)).toBe(
    `error: the disk fails at ${path} (EIO). Choose another folder with --out.\n`,
  );
});

const statusOf = async (out: string): Promise<object> =>
  JSON.parse(await readFile(join(out, "run.json"), "utf8")) as object;

describe("--out", () => {
  test("a disk that is full when the model is written", async () => {
    const out = join(await temporaryFolder(), "run");
    fillDisk("model.safetensors");
    const path = join(out, "model.safetensors");
    expect(await fails(out)).toBe(
      `error: the disk is full at ${path}. Free some space, or choose another folder with --out.\n`,
    );
    expect(await statusOf(out)).toMatchObject({
      status: "failed",
      message: expect.stringContaining("full"),
    });
    expect(await readdir(out)).not.toContain("model.safetensors");
  });

  test("a disk without a byte left: the run is one that was interrupted, and can go on", async () => {
    const out = join(await temporaryFolder(), "run");
    let full = false;
    fs.writeFileSync = ((path, ...rest) => {
      full ||= String(path).includes("model.safetensors");
      if (full) throw systemError("ENOSPC");
      writeFileSync(path, ...rest);
    }) as typeof writeFileSync;
    syncBuiltinESMExports();
    await fails(out);
    expect(await statusOf(out)).toMatchObject({ status: "running" });
    Object.assign(fs, originals);
    syncBuiltinESMExports();
    const { code, err } = await run(["report", out]);
    expect({ code, err }).toEqual({
      code: 2,
      err: `error: ${out} holds a run that was interrupted: its process is gone. Go on with: bn-only resume ${out}\n`,
    });
    expect(await run(["evaluate", join(out, "model.safetensors")])).toMatchObject({
      code: 2,
      err: expect.stringContaining("was interrupted: its process is gone"),
    });
    expect(await run(["resume", out])).toMatchObject({ code: 0, err: "" });
  });

  test("a disk that is full from the start, and is freed", async () => {
    const out = join(await temporaryFolder(), "run");
    fillDisk("run.json", "metrics.jsonl");
    expect(await fails(out)).toContain(`the disk is full at ${out}`);
    Object.assign(fs, originals);
    syncBuiltinESMExports();
    expect(await run(["train", ...tiny, "--out", out])).toMatchObject({ code: 0, err: "" });
  });

  test("a page that does not fit: the run has finished, and exit code 3 tells of it", async () => {
    const out = join(await temporaryFolder(), "run");
    fillDisk("report.html");
    const { code, err, out: text } = await run(["train", ...tiny, "--out", out, "--json"]);
    expect(code).toBe(3);
    expect(err).toMatch(/^warning: report\.html could not be written, the run goes on without/);
    expect(err).toContain(`lacks report.html, which could not be written. Free some space, then`);
    expect(parseLines(text).at(-1)).toMatchObject({ event: "result", missing: ["report.html"] });
    expect(await statusOf(out)).toMatchObject({ status: "finished" });
    Object.assign(fs, originals);
    syncBuiltinESMExports();
    expect((await run(["report", out])).code).toBe(0);
  });

  test("metrics that do not fit until the end: one warning, and the model of an undisturbed run", async () => {
    const [out, undisturbed] = [
      join(await temporaryFolder(), "run"),
      join(await temporaryFolder(), "run"),
    ];
    await run(["train", ...tiny, "--out", undisturbed]);
    fillDiskFor((line) => line >= 1);
    const { code, err } = await run(["train", ...tiny, "--no-report", "--out", out]);
    expect(code).toBe(3);
    expect(err.match(/warning:/g)).toHaveLength(1);
    expect(err).toContain(
      `${out} lacks metrics.jsonl (2 lines of it), which could not be written.`,
    );
    expect(await hashOf(out)).toBe(await hashOf(undisturbed));
    const metrics = await readFile(join(out, "metrics.jsonl"), "utf8");
    expect(parseLines(metrics)).toHaveLength(1);
  });

  test("metrics that do not fit for a while: nothing is missing", async () => {
    const out = join(await temporaryFolder(), "run");
    fillDiskFor((line) => line === 0 || line === 1);
    const { code, err } = await run(["train", ...tiny, "--out", out]);
    expect(code).toBe(0);
    expect(err).toMatch(/^warning: metrics\.jsonl [^\n]+\n$/);
    const metrics = await readFile(join(out, "metrics.jsonl"), "utf8");
    expect(parseLines(metrics).map(({ event }) => event)).toEqual(["step", "step", "epoch"]);
  });

  test("checkpoints that do not fit do not end the run", async () => {
    const out = join(await temporaryFolder(), "run");
    fillDisk("checkpoint.safetensors");
    const every = ["--checkpoint-every", "1steps"];
    const { code, err } = await run(["train", ...tiny, ...every, "--out", out]);
    expect(code).toBe(0);
    expect(err.match(/warning: checkpoint\.safetensors could not be written/g)).toHaveLength(1);
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

test("without --out, a file in the way of runs/ is said before anything is loaded", async () => {
  const cwd = await temporaryFolder();
  await writeFile(join(cwd, "runs"), "");
  const child = spawnBin(["train", "cifar-resnet-8", "--dataset", "folder:nowhere"], { cwd });
  const err = await textOf(child.stderr);
  expect(err).toMatch(
    /^error: a file is in the way at .*runs\. Choose another folder with --out\.\n$/,
  );
});
