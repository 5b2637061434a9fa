import { existsSync } from "node:fs";
import { join } from "node:path";
import { gammaValues } from "@bn-only/trainer";
import { UsageError } from "../../errors.ts";
import type { Io } from "../../io.ts";
import { loadPlugins } from "../../plugins/load.ts";
import { createReporter, type Reporter } from "../../progress/reporter.ts";
import { quote } from "../../report/command-line.ts";
import { readCheckpoint } from "../../run/checkpoint.ts";
import { unfinishedIn } from "../../run/claim.ts";
import { runFiles } from "../../run/files.ts";
import { RunFolder } from "../../run/folder.ts";
import { assertFree, lockRun } from "../../run/lock.ts";
import { metricsUpTo } from "../../run/metrics-up-to.ts";
import type { RunDescription } from "../../run/record.ts";
import { readGammas, readMetricsSoFar, readRunFile } from "../../run/read.ts";
import { checkOptions } from "../../training/check-options.ts";
import { prepareRun } from "../../training/prepare.ts";
import { trainInFolder } from "../../training/run.ts";
import { settle } from "../../training/settle.ts";
import { tellEnded } from "../shared/ended.ts";
import { assertPluginConsent } from "../shared/plugin-consent.ts";
import type { PluginSelection } from "../shared/plugin-option.ts";

export interface ResumeCommandOptions extends PluginSelection {
  /** Default of these three: as in the run. */
  readonly checkpointEvery?: string;
  readonly threads?: number;
  readonly fma?: boolean;
  readonly json?: boolean;
}

/** Also of `train` that finds its own run unfinished. */
interface ResumeOptions extends ResumeCommandOptions {
  readonly report?: boolean;
}

/** `bn-only resume`: the rest of a run, with the options that it began with. */
export async function runResume(
  out: string,
  { json = false, ...given }: ResumeOptions,
  io: Io,
): Promise<void> {
  assertRun(out);
  assertFree(out);
  if (await settle(out)) return tellEnded(out, { io, json });
  const reporter = createReporter(io, { json });
  try {
    const lock = await lockRun(out, reporter.line);
    try {
      await goOn(out, given, { io, json, reporter });
    } finally {
      lock.release();
    }
  } finally {
    reporter.close();
  }
}

async function goOn(
  out: string,
  { plugin, ...given }: ResumeOptions,
  context: { readonly io: Io; readonly json: boolean; readonly reporter: Reporter },
): Promise<void> {
  const { io, reporter } = context;
  const path = unfinishedIn(out);
  const { status, result: _result, message: _message, ...description } = readRunFile(path);
  if (status === "finished") {
    throw new UsageError(
      `${out} holds a run that has finished. Look at it with bn-only report ${quote(out)}`,
    );
  }
  checkOptions(join(path, runFiles.run), description.options);
  assertPluginConsent(`${out} was begun with`, description.options.plugin ?? [], plugin);
  const options = { ...description.options, ...given };
  const workingFolder = folderOf(description);
  // The model names them as the run did, so that its bits are those of an undisturbed run.
  const modules = description.options.plugin ?? [];
  const plugins = { ...(await loadPlugins(plugin)), modules };
  const state = readCheckpoint(path, reporter.line);
  const prepared = await prepareRun(description.network, options, {
    plugins,
    reporter,
    signal: io.signal,
    workingFolder,
  });
  const killed = status === "running" ? " (its process was killed)" : "";
  reporter.line(`${out} goes on after ${state?.step ?? 0} steps${killed}`);
  const gammaBefore = readGammas(path) ?? (await gammaValues(prepared.network));
  const done = metricsUpTo(readMetricsSoFar(path), state);
  const folder = new RunFolder(
    path,
    { out, description: { ...description, options: prepared.options }, warn: reporter.warn },
    done,
  );
  await trainInFolder({ ...context, folder, plugins, prepared, gammaBefore, resume: state });
}

/** @throws UsageError for what is no folder, before a lock is put into it. */
function assertRun(out: string): void {
  readRunFile(unfinishedIn(out));
}

/** Where the run's relative paths begin; here, if that folder is gone or the run does not tell. */
function folderOf({ workingFolder }: RunDescription): string {
  return workingFolder !== undefined && existsSync(workingFolder) ? workingFolder : process.cwd();
}
