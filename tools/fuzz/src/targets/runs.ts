import { UsageError } from "../../../../packages/cli/src/errors.ts";
import { assertPluginConsent } from "../../../../packages/cli/src/commands/shared/plugin-consent.ts";
import { checkedRun } from "../../../../packages/cli/src/report/check-run.ts";
import { accuracyChart, lossChart } from "../../../../packages/cli/src/report/curves.ts";
import { renderReport } from "../../../../packages/cli/src/report/report.ts";
import {
  configurationOf,
  folderName,
  trainArguments,
} from "../../../../packages/cli/src/reproduce/configuration.ts";
import {
  configurationsOf,
  type FigureSpec,
} from "../../../../packages/cli/src/reproduce/figure-spec.ts";
import { protocolText } from "../../../../packages/cli/src/reproduce/protocol-text.ts";
import { formatSpec, readSpec } from "../../../../packages/cli/src/reproduce/spec-file.ts";
import { assertFree } from "../../../../packages/cli/src/run/lock.ts";
import { metricsUpTo } from "../../../../packages/cli/src/run/metrics-up-to.ts";
import { firstDifference } from "../../../../packages/cli/src/run/options-differ.ts";
import {
  fateOf,
  readFinishedRun,
  readGammas,
  readMetricsSoFar,
  readRunFile,
} from "../../../../packages/cli/src/run/read.ts";
import { checkOptions } from "../../../../packages/cli/src/training/check-options.ts";
import { thisMachine } from "../../../files/src/machine.ts";
import { memoryDisk, putFile } from "../memory-disk.ts";
import { encode, jsonLineMutation, jsonMutation, yamlMutation } from "../structures/json.ts";
import type { Target } from "../target.ts";
import { epoch, record, run, step } from "./whole-run.ts";

const lines = `${JSON.stringify(epoch)}\n${JSON.stringify({ ...epoch, epoch: 1 })}\n`;
const whole = {
  "run.json": JSON.stringify(run),
  "metrics.jsonl": lines,
  "report.json": JSON.stringify(record),
  "gammas.json": "[0.1,0.5,0.9]",
};

type FileName = keyof typeof whole;

/** A folder of a whole run but for one file, on the disk in memory. */
function runFolder(name: string, except: FileName): string {
  const folder = `${memoryDisk}/${name}`;
  for (const [file, text] of Object.entries(whole)) {
    if (file !== except) putFile(`${folder}/${file}`, encode(text));
  }
  return folder;
}

const typed = (error: unknown): boolean => UsageError.isInstance(error);
const limit = (size: number): number => (8 << 20) + 64 * size;

function assertShown(page: string): void {
  if (/>NaN|undefined|\[object/.test(page)) throw new Error("the page shows what is no value");
}

/** One file of a run folder: what `bn-only report` makes of it. */
function reported(name: string, file: FileName): Target {
  const folder = runFolder(name, file);
  return {
    seeds: () => [encode(whole[file])],
    run(bytes) {
      putFile(`${folder}/${file}`, bytes);
      const found = checkedRun(folder, readFinishedRun(folder));
      assertShown(renderReport(found));
      const configuration = configurationOf(found);
      assertShown(folderName(configuration) + protocolText(configuration));
    },
    typed,
    limit,
    structured: [jsonMutation],
  };
}

export const runJson = (): Target => reported("run-json", "run.json");
export const reportRecord = (): Target => reported("report-record", "report.json");

/** What `report` and `resume` make of the lines; of the page only the charts that show them. */
export function metrics(): Target {
  const folder = runFolder("metrics", "metrics.jsonl");
  const state = { step: 6, history: [{ ...epoch, event: "epoch" as const }] };
  return {
    seeds: () => [encode(lines), encode(`${JSON.stringify(step)}\n${JSON.stringify(epoch)}\n`)],
    run(bytes) {
      putFile(`${folder}/metrics.jsonl`, bytes);
      metricsUpTo(readMetricsSoFar(folder), state);
      const { history } = checkedRun(folder, readFinishedRun(folder));
      assertShown(accuracyChart(history) + lossChart(history, 10));
    },
    typed,
    limit,
    structured: [jsonLineMutation],
  };
}

const { result: _result, ...unfinished } = run;

/** A run that has not finished: what `train`, `resume` and `evaluate` ask of its `run.json`. */
export function resumed(): Target {
  const folder = runFolder("resumed", "run.json");
  const claimant = { network: run.network, options: run.options } as unknown as Claimant;
  const seeds = [
    { ...unfinished, status: "aborted", message: "stopped by Ctrl-C." },
    { ...unfinished, status: "running" },
  ];
  return {
    seeds: () => seeds.map((seed) => encode(JSON.stringify(seed))),
    run(bytes) {
      putFile(`${folder}/run.json`, bytes);
      const found = readRunFile(folder);
      fateOf(folder, found);
      checkOptions(`${folder}/run.json`, found.options);
      firstDifference(found, claimant);
      assertPluginConsent("a run", found.options.plugin ?? []);
    },
    typed,
    limit,
    structured: [jsonMutation],
  };
}

type Claimant = Parameters<typeof firstDifference>[1];

/** A figure of several runs, as YAML. */
export function figureSpec(): Target {
  const file = `${memoryDisk}/figure.yaml`;
  const { condition: _condition, seed: _seed, checkpointEvery: _every, ...options } = run.options;
  const { report: _report, plugin: _plugin, ...protocol } = options;
  const spec = {
    figure: "depth" as const,
    seeds: [0, 1],
    protocol,
    runs: [{ networks: ["cifar-resnet-8"], conditions: ["bn"] }],
  } as unknown as FigureSpec;
  return {
    seeds: async () => [encode(await formatSpec(spec)), encode(JSON.stringify(spec))],
    async run(bytes) {
      putFile(file, bytes);
      const found = await readSpec(file, undefined);
      configurationsOf(found).map((one) => [folderName(one), trainArguments(one)]);
    },
    typed,
    limit,
    structured: [jsonMutation, yamlMutation],
  };
}

const lockFile = "/.lock-00000000-0000-0000-0000-000000000000";

/** Who works in a run folder. */
export function lock(): Target {
  const folder = `${memoryDisk}/lock`;
  const owner = { pid: 1, startTime: "1", since: "2026-11-26T22:49:08.491Z", ...thisMachine() };
  const seeds = [owner, { ...owner, host: "another" }, { ...owner, pid: process.pid }];
  return {
    seeds: () => seeds.map((seed) => encode(`${JSON.stringify(seed)}\n`)),
    run(bytes) {
      putFile(folder + lockFile, bytes);
      assertFree(folder);
    },
    typed,
    limit,
    structured: [jsonMutation],
  };
}

/** What `resume` reads. */
export function gammas(): Target {
  const folder = runFolder("gammas", "gammas.json");
  return {
    seeds: () => [encode(whole["gammas.json"])],
    run(bytes) {
      putFile(`${folder}/gammas.json`, bytes);
      if (!(readGammas(folder) ?? []).every((gamma) => Number.isFinite(gamma))) {
        throw new Error("a gamma is no number");
      }
    },
    typed,
    limit: (size) => (2 << 20) + 64 * size,
    structured: [jsonMutation],
  };
}
