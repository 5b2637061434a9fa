import { existsSync, mkdirSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Interrupted } from "../src/io.ts";
import { ended, spawnBin } from "./support/bin.ts";
import { temporaryFolder } from "./support/folder.ts";
import { hashOf, interrupted, lossesOf, metricsOf, train } from "./support/interrupted.ts";
import { parseLines, run } from "./support/io.ts";

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
    expect(await lossesOf(folder)).toEqual(await lossesOf(undisturbed));
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

  const none = "(--checkpoint-every none)";
  test.each([
    [
      "of a new run without checkpoints",
      { earlier: undefined, every: "none" },
      `no checkpoint was written ${none}, so nothing of the training (8 steps) was kept; to begin it again: `,
    ],
    [
      "since the checkpoint of an earlier process",
      { earlier: "1steps", every: "none" },
      `no checkpoint was written at the end ${none}, so steps 5 to 8 are lost; to go on after step 4: `,
    ],
    ["of a run with checkpoints", { earlier: undefined, every: "1epoch" }, "to go on: "],
  ])("Ctrl-C says what is lost %s, and how to go on", async (_, { earlier, every }, said) => {
    const folder = join(await temporaryFolder(), "run");
    const stopAfter = async (epoch: number, args: string[]): Promise<string> => {
      const controller = new AbortController();
      const { code, out } = await run(args, {
        signal: controller.signal,
        onWrite: (text) => text.includes(`epoch ${epoch}/6`) && controller.abort(new Interrupted()),
      });
      expect(code).toBe(130);
      return out.trimEnd().split("\n").at(-1)!;
    };
    if (earlier) await stopAfter(1, [...train, "--checkpoint-every", earlier, "--out", folder]);
    const command = earlier ? ["resume", folder] : [...train, "--out", folder];
    const line = await stopAfter(2, [...command, "--checkpoint-every", every]);
    expect(line).toBe(`${said}bn-only resume ${folder}`);
    expect(existsSync(join(folder, "checkpoint.safetensors"))).toBe(said.includes("to go on"));
    expect((await run(["resume", folder])).code).toBe(0);
  });

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
      /cannot be used .* cannot be used .* Train the run again: bn-only train with the same options, --out \S+ and --overwrite/,
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

  test("from another folder, on another number of threads: a plugin runs only if it is named again", async () => {
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
    const bare = await run(["resume", folder]);
    expect(bare.code).toBe(2);
    expect(bare.err).toContain(
      `${folder} was begun with the plugin ./plugin.mjs, whose code is not in the file. Name it with --plugin if you trust it: --plugin ./plugin.mjs`,
    );
    const plugin = ["--plugin", join(parent, "plugin.mjs")];
    const { code } = await run(["resume", folder, "--threads", "1", ...plugin]);
    expect(code).toBe(0);
    expect(await hashOf(folder)).toBe(await hashOf(join(parent, "whole")));
  });

  test.each([
    ["inputShape", "8x8x3", 'has the inputShape "8x8x3"'],
    ["optimizer", undefined, "has no optimizer among its options"],
    ["schedule", "stairs", 'has the schedule "stairs" among its options'],
    ["condition", "random-x", 'has the condition "random-x"'],
    ["plugin", 5, "has the plugin 5 among its options"],
    ["plugin", [["./plugin.mjs"]], "has the plugin"],
  ])("a run.json whose %s is %s: one line", async (name, value, message) => {
    const folder = join(await temporaryFolder(), "run");
    await interrupted(folder, 1);
    const file = join(folder, "run.json");
    const contents = JSON.parse(await readFile(file, "utf8")) as { options: object };
    Object.assign(contents.options, { [name]: value });
    await writeFile(file, JSON.stringify(contents));
    const { code, err } = await run(["resume", folder]);
    expect(code).toBe(2);
    expect(err).toContain(message);
  });

  test("interrupted while it tests: the steps of the epoch are not lost", async () => {
    const folder = join(await temporaryFolder(), "run");
    const controller = new AbortController();
    const data = ["--test-size", "4000", "--epochs", "1", "--checkpoint-every", "5min"];
    await run([...train, ...data, "--json", "--out", folder], {
      signal: controller.signal,
      onWrite: (text) => {
        if (text.includes('"step":4,')) setTimeout(() => controller.abort(new Interrupted()), 100);
      },
    });
    expect((await metricsOf(folder)).map(({ event }) => event)).not.toContain("epoch");
    const { out } = await run(["resume", folder]);
    expect(out).toContain("goes on after 4 steps");
    expect(out).toMatch(/^epoch 1\/1 .* test [\d.]+ %$/m);
  });

  test("failed when the model was to be written: nothing is trained again", async () => {
    const folder = join(await temporaryFolder(), "run");
    const obstacle = join(folder, "model.safetensors");
    const { code } = await run([...train, "--epochs", "2", "--json", "--out", folder], {
      onWrite: (text) => text.includes('"step":1,') && mkdirSync(obstacle),
    });
    expect(code).toBe(1);
    const before = await lossesOf(folder);
    await rm(obstacle, { recursive: true });
    const { out, err } = await run(["resume", folder]);
    expect(err).toBe("");
    expect(out).toContain("goes on after 8 steps");
    expect(await lossesOf(folder)).toEqual(before);
    expect(existsSync(obstacle)).toBe(true);
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
