import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "../../../../packages/cli/src/errors.ts";
import { checkedRun } from "../../../../packages/cli/src/report/check-run.ts";
import { renderReport } from "../../../../packages/cli/src/report/report.ts";
import { readFinishedRun, readGammas } from "../../../../packages/cli/src/run/read.ts";
import { scratchFolder } from "../scratch.ts";
import { encode, jsonLineMutation, jsonMutation } from "../structures/json.ts";
import type { Mutation, Target } from "../target.ts";

const run = {
  status: "finished",
  network: "cifar-resnet-8",
  options: {
    condition: "bn",
    epochs: 2,
    batchSize: 20,
    learningRate: 0.1,
    momentum: 0.9,
    optimizer: "sgd",
    schedule: "milestones",
    weightDecay: 0.0001,
    dataset: "synthetic",
    augment: true,
    seed: 0,
    weightInit: "kaimingNormal",
    batchNormInit: "uniform",
    checkpointedStages: 0,
    backend: "wasm",
    fma: true,
    checkpointEvery: "5min",
    report: true,
    inputShape: [8, 8, 3],
    trainSize: 40,
    testSize: 12,
    normalization: "imagenet",
    plugin: ["./a.js"],
  },
  workingFolder: "/somewhere",
  started: "2026-11-26T22:49:08.491Z",
  versions: {
    bnOnly: "0.1.0",
    tfjs: "4.22.0",
    node: "20.20.2",
  },
  machine: {
    cpu: "a CPU",
    cores: 2,
    platform: "linux",
  },
  result: {
    event: "result",
    testAccuracy: 0.08333333333333333,
    testLoss: 2.331995964050293,
    trainableParameters: 672,
    totalParameters: 78042,
    modelBytes: 8936,
    seconds: 3,
    imagesPerSecond: 100.5,
    backend: "wasm",
    seed: 0,
    network: "cifar-resnet-8",
    condition: "bn",
    out: "run",
  },
};

const epoch = {
  event: "epoch",
  epoch: 0,
  trainLoss: 2,
  trainAccuracy: 0.2,
  testLoss: 2,
  testAccuracy: 0.2,
  learningRate: 0.1,
  seconds: 1,
  imagesPerSecond: 100,
};

const record = {
  network: {
    macs: 1_000_000,
    batchNormParameters: 500,
    published: { batchNormOnly: 68.6, source: "the paper" },
  },
  classes: ["a", "b"],
  trainImages: 640,
  gammaBefore: [0.1, 0.5, 0.9],
  gammaAfter: [0.001, 0.5, 1.2],
  shown: [{ png: "iVBORw0KGgo=", label: 0, prediction: 1 }],
};

const lines = `${JSON.stringify(epoch)}\n${JSON.stringify({ ...epoch, epoch: 1 })}\n`;
const whole = {
  "run.json": JSON.stringify(run),
  "metrics.jsonl": lines,
  "report.json": JSON.stringify(record),
  "gammas.json": "[0.1,0.5,0.9]",
};

const ready = new Set<string>();

/** A folder of a whole run. */
function runFolder(name: string): string {
  const folder = join(scratchFolder(), name);
  if (!ready.has(folder)) {
    mkdirSync(folder, { recursive: true });
    for (const [file, text] of Object.entries(whole)) writeFileSync(join(folder, file), text);
    ready.add(folder);
  }
  return folder;
}

/** One file of a run folder whose other files are whole: what `bn-only report` makes of it. */
function runFile(name: string, file: keyof typeof whole, structured: readonly Mutation[]): Target {
  return {
    seeds: () => [encode(whole[file])],
    run(bytes) {
      const folder = runFolder(name);
      writeFileSync(join(folder, file), bytes);
      const page = renderReport(checkedRun(folder, readFinishedRun(folder)));
      if (/>NaN|undefined|\[object/.test(page)) throw new Error("the page shows what is no value");
    },
    typed: (error) => UsageError.isInstance(error),
    limit: (size) => (8 << 20) + 64 * size,
    structured,
  };
}

export const runJson: Target = runFile("run-json", "run.json", [jsonMutation]);
export const metrics: Target = runFile("metrics", "metrics.jsonl", [jsonLineMutation]);
export const reportRecord: Target = runFile("report-record", "report.json", [jsonMutation]);

/** What `resume` reads. */
export const gammas: Target = {
  seeds: () => [encode(whole["gammas.json"])],
  run(bytes) {
    const folder = runFolder("gammas");
    writeFileSync(join(folder, "gammas.json"), bytes);
    if (!(readGammas(folder) ?? []).every((gamma) => Number.isFinite(gamma))) {
      throw new Error("a gamma is no number");
    }
  },
  typed: (error) => UsageError.isInstance(error),
  limit: (size) => (2 << 20) + 64 * size,
  structured: [jsonMutation],
};
