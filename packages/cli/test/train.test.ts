import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { temporaryFolder } from "./support/folder.ts";
import { parseLines, run, tiny } from "./support/io.ts";

const readJson = async (folder: string): Promise<Record<string, unknown>> =>
  JSON.parse(await readFile(join(folder, "run.json"), "utf8")) as Record<string, unknown>;

describe("train --json", () => {
  let folder: string;
  let trained: Awaited<ReturnType<typeof run>>;
  let events: Record<string, unknown>[];
  beforeAll(async () => {
    folder = join(await temporaryFolder(), "run");
    trained = await run(["train", ...tiny, "--seed", "7", "--out", folder, "--json"]);
    events = parseLines(trained.out);
  });

  test("one object a line, the result last", () => {
    expect({ code: trained.code, err: trained.err }).toEqual({ code: 0, err: "" });
    expect(events.map(({ event }) => event)).toEqual(["start", "step", "step", "epoch", "result"]);
    expect(events.at(-1)).toEqual({
      event: "result",
      testAccuracy: expect.any(Number),
      testLoss: expect.any(Number),
      trainableParameters: 672,
      totalParameters: 78_042,
      modelBytes: expect.any(Number),
      seconds: expect.any(Number),
      imagesPerSecond: expect.any(Number),
      backend: expect.any(String),
      seed: 7,
      network: "cifar-resnet-8",
      condition: "bn",
      out: folder,
    });
  });

  test("run.json holds the resolved configuration, versions and result", async () => {
    expect(await readJson(folder)).toMatchObject({
      status: "finished",
      network: "cifar-resnet-8",
      options: {
        dataset: "synthetic",
        condition: "bn",
        backend: events.at(-1)!["backend"],
        epochs: 1,
        batchSize: 8,
        learningRate: 0.1,
        momentum: 0.9,
        weightDecay: 1e-4,
        trainSize: 16,
        testSize: 8,
        seed: 7,
      },
      versions: { bnOnly: expect.any(String), tfjs: "4.22.0", node: process.versions.node },
      result: events.at(-1),
    });
  });

  test("metrics.jsonl holds every step and epoch", async () => {
    const metrics = await readFile(join(folder, "metrics.jsonl"), "utf8");
    expect(parseLines(metrics)).toEqual(events.slice(1, 4));
  });

  test("the model file has the bytes that the result claims", async () => {
    const model = await readFile(join(folder, "model.safetensors"));
    expect(model.length).toBe(events.at(-1)!["modelBytes"]);
  });

  test("evaluate gives exactly the same result", async () => {
    const file = join(folder, "model.safetensors");
    const { code, out } = await run(["evaluate", file, "--json"]);
    expect(code).toBe(0);
    const { testAccuracy, testLoss, trainableParameters, totalParameters, modelBytes } =
      events.at(-1)!;
    const same = { testAccuracy, testLoss, trainableParameters, totalParameters, modelBytes };
    expect(parseLines(out).at(-1)).toMatchObject({
      event: "result",
      ...same,
      seed: 7,
      network: "cifar-resnet-8",
      condition: "bn",
      imagesPerSecond: expect.any(Number),
    });
  });

  test("the same seed gives the same model, another seed another", async () => {
    const models = [];
    for (const seed of ["7", "8"]) {
      const out = join(folder, "..", `seed-${seed}`);
      await run(["train", ...tiny, "--seed", seed, "--no-report", "--out", out]);
      models.push(await readFile(join(out, "model.safetensors")));
    }
    const model = await readFile(join(folder, "model.safetensors"));
    expect(models.map((other) => other.equals(model))).toEqual([true, false]);
  });
});

describe("train", () => {
  test("piped: plain lines that end with a summary", async () => {
    const out = join(await temporaryFolder(), "run");
    const { code, out: text } = await run(["train", ...tiny, "--out", out]);
    expect(code).toBe(0);
    expect(text).not.toContain("\u001b");
    expect(text).toMatch(/^backend: /);
    expect(text).toMatch(/^epoch 1\/1 {3}loss \d\.\d{3} {3}train .* images\/s$/m);
    expect(text).toMatch(/^test accuracy {3}\d+\.\d\d % after 1 epoch$/m);
    expect(text).toContain(`${out}/report.html`);
  });

  test.each([
    ["none", 0],
    ["all", 78_042],
    ["bn+head", 672 + 650],
  ])("condition %s: trains %i parameters, and evaluate agrees", async (condition, trainable) => {
    const out = join(await temporaryFolder(), "run");
    const trained = await run(["train", ...tiny, "--condition", condition, "--out", out, "--json"]);
    const result = parseLines(trained.out).at(-1)!;
    expect(result["trainableParameters"]).toBe(trainable);
    const again = await run(["evaluate", join(out, "model.safetensors"), "--json"]);
    expect(parseLines(again.out).at(-1)).toMatchObject({
      trainableParameters: trainable,
      testAccuracy: result["testAccuracy"],
      testLoss: result["testLoss"],
    });
  });

  test("an option given by hand beats the preset", async () => {
    const out = join(await temporaryFolder(), "run");
    const { code } = await run([
      "train",
      "--preset",
      "paper",
      ...tiny,
      "--no-report",
      "--out",
      out,
    ]);
    expect(code).toBe(0);
    const { options } = await readJson(out);
    expect(options).toMatchObject({
      dataset: "synthetic",
      epochs: 1,
      batchSize: 8,
      momentum: 0.9,
    });
  });

  test("--no-report and --backend are respected", async () => {
    const out = join(await temporaryFolder(), "run");
    const args = ["train", ...tiny, "--no-report", "--backend", "cpu", "--train-size", "4"];
    const { out: text } = await run([...args, "--test-size", "2", "--out", out, "--json"]);
    expect(parseLines(text).at(-1)).toMatchObject({ backend: "cpu" });
    await expect(readFile(join(out, "report.html"))).rejects.toThrow("ENOENT");
  });

  test("training that diverges fails in one line, and the run says so", async () => {
    const out = join(await temporaryFolder(), "run");
    const args = ["train", ...tiny, "--learning-rate", "1e30", "--epochs", "3", "--out", out];
    const { code, err } = await run(args);
    expect(code).toBe(1);
    expect(err).toMatch(/^error: train: [^\n]* Lower the learning rate[^\n]*\n$/);
    expect(await readJson(out)).toMatchObject({ status: "diverged", message: expect.any(String) });
  });

  test.each([
    ["none", "Nothing of the training was kept (--checkpoint-every none)."],
    ["1steps", "The last good checkpoint is that of step 2, in "],
  ])("a test loss that is no number, checkpoints %s: no success, no model", async (every, kept) => {
    const out = join(await temporaryFolder(), "run");
    const args = ["train", ...tiny, "--learning-rate", "1e10", "--checkpoint-every", every];
    const { code, err } = await run([...args, "--out", out]);
    expect(code).toBe(1);
    expect(err).toMatch(/^error: train: [^\n]* step 2, [^\n]*\n$/);
    expect(err).toContain(kept);
    expect(await readJson(out)).toMatchObject({ status: "diverged" });
    const names = await readdir(out);
    expect(names).not.toContain("model.safetensors");
    expect(names).not.toContain("report.html");
    const report = await run(["report", out]);
    expect(report.code).toBe(2);
    expect(report.err).toContain("holds a run that has not finished (diverged: train: ");
  });
});
