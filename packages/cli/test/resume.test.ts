import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Interrupted } from "../src/io.ts";
import { ended, spawnBin } from "./support/bin.ts";
import { temporaryFolder } from "./support/folder.ts";
import { parseLines, run, tiny } from "./support/io.ts";

/** 6 epochs of 4 steps. */
const protocol = [...tiny, "--train-size", "128", "--batch-size", "32", "--epochs", "6"];
const train = ["train", ...protocol, "--backend", "wasm", "--checkpoint-every", "1steps"];

/** A data set that needs no package. */
const fewShades = `
  const [size, count] = [32, 128];
  const labels = Uint8Array.from({ length: count }, (_, i) => i % 2);
  const images = Uint8Array.from({ length: count * size * size * 3 }, (_, i) =>
    80 + 60 * labels[Math.floor(i / (size * size * 3))] + ((i * 31) % 50));
  const split = { name: "shades", images, labels, shape: [size, size, 3], classes: ["dark", "bright"] };
  const info = {
    name: "shades", description: "two shades", shape: [size, size, 3], classes: 2,
    trainSize: count, testSize: count, licence: "MIT", download: false,
  };
  export const datasets = [{ info, load: async () => ({ train: split, test: split }) }];
`;

const hashOf = async (folder: string): Promise<string> =>
  createHash("sha256")
    .update(await readFile(join(folder, "model.safetensors")))
    .digest("hex");

const metricsOf = async (folder: string): Promise<Record<string, unknown>[]> =>
  parseLines(await readFile(join(folder, "metrics.jsonl"), "utf8"));

/** Aborts a run in this process once it has written so many step lines. */
async function interrupted(folder: string, step: number, more: string[] = []): Promise<string> {
  const controller = new AbortController();
  const { code, out } = await run([...train, ...more, "--json", "--out", folder], {
    signal: controller.signal,
    onWrite: (text) => {
      if (text.includes(`"step":${step},`)) controller.abort(new Interrupted());
    },
  });
  expect(code).toBe(130);
  return out;
}

describe("resume", () => {
  test("after Ctrl-C: the undisturbed run's model and metrics, and no checkpoint is left", async () => {
    const [undisturbed, folder] = [
      join(await temporaryFolder(), "a"),
      join(await temporaryFolder(), "b"),
    ];
    expect((await run([...train, "--out", undisturbed])).code).toBe(0);
    await interrupted(folder, 7);
    expect(existsSync(join(folder, "checkpoint.safetensors"))).toBe(true);
    const { code, out } = await run(["resume", folder]);
    expect(code).toBe(0);
    expect(out).toContain(`${folder} goes on after 7 steps`);
    expect(await hashOf(folder)).toBe(await hashOf(undisturbed));
    const losses = async (path: string) =>
      (await metricsOf(path)).map(({ event, epoch, step, loss, testLoss }) => ({
        event,
        epoch,
        step,
        loss,
        testLoss,
      }));
    expect(await losses(folder)).toEqual(await losses(undisturbed));
    expect(existsSync(join(folder, "checkpoint.safetensors"))).toBe(false);
    expect(existsSync(join(folder, "report.html"))).toBe(true);
  });

  test("a terminal is told how to go on", async () => {
    const folder = join(await temporaryFolder(), "run");
    const controller = new AbortController();
    const { out } = await run([...train, "--out", folder], {
      isTTY: true,
      signal: controller.signal,
      onWrite: (text) => text.includes("epoch 2/6") && controller.abort(new Interrupted()),
    });
    expect(out).toContain(`to go on: bn-only resume ${folder}`);
  });

  test("ten SIGKILLs at random moments: the same SHA-256 as the undisturbed run", async () => {
    const [undisturbed, folder] = [
      join(await temporaryFolder(), "a"),
      join(await temporaryFolder(), "b"),
    ];
    const long = ["--train-size", "1024", "--epochs", "8"];
    expect(
      await ended(spawnBin([...train, ...long, "--out", undisturbed], { stdio: "ignore" })),
    ).toBe(0);
    let kills = 0;
    let command: string[] = [...train, ...long, "--out", folder];
    for (let i = 0; ; i++) {
      const child = spawnBin(command, { stdio: "ignore" });
      // The first one long enough for a folder to be there; later ones at any moment, their start included.
      const delay = kills < 10 ? (i === 0 ? 1500 : 200 + ((i * 7919) % 1300)) : undefined;
      const timer =
        delay === undefined ? undefined : setTimeout(() => child.kill("SIGKILL"), delay);
      const end = await ended(child);
      clearTimeout(timer);
      if (end === 0) break;
      expect(end).toBe("SIGKILL");
      kills += 1;
      if (existsSync(join(folder, "run.json"))) command = ["resume", folder];
    }
    expect(kills).toBe(10);
    expect(await hashOf(folder)).toBe(await hashOf(undisturbed));
    const steps = (await metricsOf(folder)).filter(({ event }) => event === "step");
    expect(steps.map(({ step }) => step)).toEqual(Array.from({ length: 256 }, (_, i) => i + 1));
  }, 180_000);

  test("a damaged checkpoint: the one before is used, and a line says so", async () => {
    const folder = join(await temporaryFolder(), "run");
    await interrupted(folder, 6);
    await writeFile(join(folder, "checkpoint.safetensors"), "half");
    const { code, out } = await run(["resume", folder]);
    expect(code).toBe(0);
    expect(out).toMatch(
      /checkpoint\.safetensors cannot be used \(.*\); going on from checkpoint\.previous\.safetensors/,
    );
    for (const name of ["checkpoint.safetensors", "checkpoint.previous.safetensors"]) {
      expect(existsSync(join(folder, name)), name).toBe(false);
    }
  });

  test("both damaged: nothing is touched", async () => {
    const folder = join(await temporaryFolder(), "run");
    await interrupted(folder, 6);
    for (const name of ["checkpoint.safetensors", "checkpoint.previous.safetensors"]) {
      await writeFile(join(folder, name), "half");
    }
    const before = await readFile(join(folder, "metrics.jsonl"), "utf8");
    const { code, err } = await run(["resume", folder]);
    expect(code).toBe(2);
    expect(err).toMatch(
      /cannot be used .* cannot be used .* Train the run again: bn-only train --out/,
    );
    expect(await readFile(join(folder, "metrics.jsonl"), "utf8")).toBe(before);
  });

  test("without checkpoints it begins again, to the same model", async () => {
    const [undisturbed, folder] = [
      join(await temporaryFolder(), "a"),
      join(await temporaryFolder(), "b"),
    ];
    await run([...train, "--out", undisturbed]);
    await interrupted(folder, 5, ["--checkpoint-every", "none"]);
    const { code, out } = await run(["resume", folder]);
    expect(code).toBe(0);
    expect(out).toContain("goes on after 0 steps");
    expect(await hashOf(folder)).toBe(await hashOf(undisturbed));
  });

  test("from another folder, on another number of threads: data and plugins are those of the run", async () => {
    const parent = await temporaryFolder();
    await writeFile(join(parent, "plugin.mjs"), fewShades);
    const command = [...train, "--dataset", "shades", "--plugin", "./plugin.mjs", "--out"];
    const here = { cwd: parent, stdio: "ignore" } as const;
    expect(await ended(spawnBin([...command, "whole"], here))).toBe(0);
    const child = spawnBin([...command, "run", "--epochs", "6", "--json"], { cwd: parent });
    for await (const chunk of child.stdout!) {
      if (String(chunk).includes('"step":5,')) child.kill("SIGTERM");
    }
    const folder = join(parent, "run");
    const { code, out } = await run(["resume", folder, "--threads", "1"]);
    expect(code).toBe(0);
    expect(out).toContain("plugin of the run: ./plugin.mjs\n");
    expect(await hashOf(folder)).toBe(await hashOf(join(parent, "whole")));
  });

  test("a program is told how to go on", async () => {
    const folder = join(await temporaryFolder(), "run");
    const events = parseLines(await interrupted(folder, 3));
    expect(events.slice(-2)).toEqual([
      { event: "interrupted", resume: folder },
      { event: "error", message: "interrupted" },
    ]);
  });

  test("a run that has finished, a folder without a run, and no folder are told apart", async () => {
    const folder = await temporaryFolder();
    const finished = join(folder, "finished");
    await run([...train, "--epochs", "1", "--out", finished]);
    const messages = [
      [finished, "holds a run that has finished"],
      [folder, "has no run.json"],
      [join(folder, "nothing"), "there is no folder"],
    ] as const;
    for (const [path, message] of messages) {
      const { code, err } = await run(["resume", path]);
      expect(code).toBe(2);
      expect(err).toContain(message);
    }
  });

  test.each(["5", "0steps", "often"])("--checkpoint-every %s is refused", async (interval) => {
    const { code, err } = await run([...train, "--checkpoint-every", interval]);
    expect(code).toBe(2);
    expect(err).toContain(`--checkpoint-every must be none, or a count and a unit`);
  });
});

describe("optimisers and schedules", () => {
  test.each([
    [
      "adamw, cosine, warmup",
      [
        "--optimizer",
        "adamw",
        "--schedule",
        "cosine",
        "--warmup",
        "0.25",
        "--learning-rate",
        "0.01",
      ],
    ],
    ["Nesterov, constant", ["--nesterov", "--schedule", "constant"]],
    ["random-3", ["--condition", "random-3"]],
  ])("%s", async (_name, more) => {
    const folder = join(await temporaryFolder(), "run");
    await interrupted(folder, 3, ["--epochs", "1", ...more]);
    const { code, out } = await run(["resume", folder, "--json"]);
    expect(code).toBe(0);
    const result = parseLines(out).at(-1)!;
    expect(result["event"]).toBe("result");
    const { out: again } = await run(["evaluate", join(folder, "model.safetensors"), "--json"]);
    expect(parseLines(again).at(-1)!["testAccuracy"]).toBe(result["testAccuracy"]);
    expect(parseLines(again).at(-1)!["trainableParameters"]).toBe(result["trainableParameters"]);
  });

  test("Nesterov without momentum is refused before anything starts", async () => {
    const { code, err } = await run([...train, "--nesterov", "--momentum", "0"]);
    expect(code).toBe(2);
    expect(err).toContain("nesterov needs a momentum above 0");
  });
});
