import { rmSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { gammaValues } from "@bn-only/trainer";
import { version_core as tfjsVersion } from "@tensorflow/tfjs-core";
import { makeFolder } from "@bn-only/files";
import { UsageError } from "../../errors.ts";
import type { Io } from "../../io.ts";
import { loadPlugins } from "../../plugins/load.ts";
import type { Plugins } from "../../plugins/plugins.ts";
import { createReporter, type Reporter } from "../../progress/reporter.ts";
import { assertWritable, type Claim, claimFolder, makeNewFolder } from "../../run/claim.ts";
import { RunFolder } from "../../run/folder.ts";
import { runFiles } from "../../run/files.ts";
import { lockRun } from "../../run/lock.ts";
import { type RunDescription, shortNumbers } from "../../run/record.ts";
import { firstDifference } from "../../run/options-differ.ts";
import { readRunFile } from "../../run/read.ts";
import { removeReplacement, replacementOf } from "../../run/replacement.ts";
import type { TrainingOptions } from "../../training/options.ts";
import { type PreparedRun, prepareRun } from "../../training/prepare.ts";
import { trainInFolder } from "../../training/run.ts";
import { settle } from "../../training/settle.ts";
import { version } from "../../version.ts";
import { runResume } from "../resume/run.ts";
import { tellEnded } from "../shared/ended.ts";
import { resolveOptions, type TrainCommandOptions } from "./options.ts";

/** `bn-only train`: data, network, run folder, training, model file, report. */
export async function runTrain(network: string, given: TrainCommandOptions, io: Io): Promise<void> {
  const started = new Date();
  const options = resolveOptions(given);
  const { out, overwrite = false, json = false } = given;
  const claimant = { network, options, overwrite };
  const plugins = await loadPlugins(options.plugin);
  if (out !== undefined && (await settle(out))) {
    const other = firstDifference(readRunFile(out), claimant);
    if (other === undefined) return tellEnded(out, { io, json });
  }
  const path = out ?? defaultFolder(network, options, started);
  if (out === undefined) assertWritable(path);
  const claim = out === undefined ? begin : claimFolder(path, claimant);
  if (claim.kind === "go on") {
    const { threads, checkpointEvery, report, plugin } = options;
    const free = {
      checkpointEvery,
      report,
      ...(threads !== undefined && { threads }),
      ...(plugin !== undefined && { plugin }),
    };
    return runResume(path, { ...free, json }, io);
  }
  const reporter = createReporter(io, given);
  try {
    const prepared = await prepareRun(network, options, { plugins, reporter, signal: io.signal });
    const folder = out ?? makeNewFolder(path);
    makeFolder(folder);
    const lock = await lockRun(folder, reporter.line);
    try {
      const now = out === undefined ? begin : claimFolder(folder, { ...claimant, locked: true });
      if (now.kind !== claim.kind) {
        throw new UsageError(
          `${folder} changed while the run was prepared. Run the command again.`,
        );
      }
      const description = describeRun(network, prepared.options, started);
      await trainIn(folder, { claim, description, plugins, prepared, reporter, io, json });
    } finally {
      lock.release();
    }
  } finally {
    reporter.close();
  }
}

const begin: Claim = { kind: "begin" };

interface BeginContext {
  readonly claim: Claim;
  readonly description: RunDescription & Readonly<Record<string, unknown>>;
  readonly plugins: Plugins;
  readonly prepared: PreparedRun;
  readonly reporter: Reporter;
  readonly io: Io;
  readonly json: boolean;
}

async function trainIn(out: string, { claim, description, ...context }: BeginContext) {
  const { prepared, reporter } = context;
  removeReplacement(out);
  const path = claim.kind === "replace" ? replacementOf(out) : out;
  const { gammas, record, report } = runFiles;
  // Of a run that came to nothing.
  for (const name of [gammas, record, report]) rmSync(join(path, name), { force: true });
  const folder = new RunFolder(path, { out, description, warn: reporter.warn });
  reporter.line(`run folder: ${out}`);
  const gammaBefore = await gammaValues(prepared.network);
  folder.write(gammas, `${JSON.stringify(shortNumbers(gammaBefore))}\n`);
  await trainInFolder({ ...context, folder, gammaBefore, resume: undefined });
}

function defaultFolder(
  network: string,
  { condition, seed }: TrainingOptions,
  started: Date,
): string {
  const time = started.toISOString().slice(0, 19).replaceAll(":", "");
  const what = condition.replaceAll(/[^\w.+-]+/g, "_");
  return `runs/${network}-${what}-seed${seed}-${time}`;
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
