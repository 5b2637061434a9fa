import { cpus } from "node:os";
import { gammaValues } from "@bn-only/trainer";
import { version_core as tfjsVersion } from "@tensorflow/tfjs-core";
import type { Io } from "../../io.ts";
import { loadPlugins } from "../../plugins/load.ts";
import { createReporter } from "../../progress/reporter.ts";
import { checkRunFolder, createRunFolder } from "../../run/folder.ts";
import { runFiles } from "../../run/files.ts";
import { type RunDescription, shortNumbers } from "../../run/record.ts";
import type { TrainingOptions } from "../../training/options.ts";
import { prepareRun } from "../../training/prepare.ts";
import { trainInFolder } from "../../training/run.ts";
import { version } from "../../version.ts";
import { resolveOptions, type TrainCommandOptions } from "./options.ts";

/** `bn-only train`: data, network, run folder, training, model file, report. */
export async function runTrain(network: string, given: TrainCommandOptions, io: Io): Promise<void> {
  const started = new Date();
  const options = resolveOptions(given);
  const path = given.out ?? defaultFolder(network, options, started);
  const plugins = await loadPlugins(options.plugin);
  checkRunFolder(path);
  const reporter = createReporter(io, given);
  try {
    const prepared = await prepareRun(network, options, { plugins, reporter, signal: io.signal });
    const folder = createRunFolder(path, describeRun(network, prepared.options, started));
    reporter.line(`run folder: ${path}`);
    const gammaBefore = await gammaValues(prepared.network);
    folder.write(runFiles.gammas, `${JSON.stringify(shortNumbers(gammaBefore))}\n`);
    const json = given.json ?? false;
    const resume = undefined;
    await trainInFolder({ folder, plugins, prepared, reporter, io, json, gammaBefore, resume });
  } finally {
    reporter.close();
  }
}

function defaultFolder(
  network: string,
  { condition, seed }: TrainingOptions,
  started: Date,
): string {
  const time = started.toISOString().slice(0, 19).replaceAll(":", "");
  return `runs/${network}-${condition}-seed${seed}-${time}`;
}

function describeRun(
  network: string,
  options: TrainingOptions,
  started: Date,
): RunDescription & Readonly<Record<string, unknown>> {
  return {
    network,
    options,
    workingFolder: process.cwd(),
    started: started.toISOString(),
    versions: { bnOnly: version, tfjs: tfjsVersion, node: process.versions.node },
    machine: {
      cpu: cpus()[0]?.model ?? "unknown",
      cores: cpus().length,
      platform: process.platform,
    },
  };
}
