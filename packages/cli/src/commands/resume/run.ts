import { existsSync } from "node:fs";
import { join } from "node:path";
import { gammaValues } from "@bn-only/trainer";
import { UsageError } from "../../errors.ts";
import type { Io } from "../../io.ts";
import { loadPlugins } from "../../plugins/load.ts";
import { createReporter } from "../../progress/reporter.ts";
import { readCheckpoint } from "../../run/checkpoint.ts";
import { runFiles } from "../../run/files.ts";
import { reopenRunFolder } from "../../run/folder.ts";
import type { RunDescription } from "../../run/record.ts";
import { readGammas, readMetrics, readRunFile } from "../../run/read.ts";
import { checkOptions } from "../../training/check-options.ts";
import { prepareRun } from "../../training/prepare.ts";
import { trainInFolder } from "../../training/run.ts";
import { assertPluginConsent } from "../shared/plugin-consent.ts";
import type { PluginSelection } from "../shared/plugin-option.ts";

export interface ResumeCommandOptions extends PluginSelection {
  /** Default of these three: as in the run. */
  readonly checkpointEvery?: string;
  readonly threads?: number;
  readonly fma?: boolean;
  readonly json?: boolean;
}

/** `bn-only resume`: the rest of a run, with the options that it began with. */
export async function runResume(
  path: string,
  { json = false, plugin, ...given }: ResumeCommandOptions,
  io: Io,
): Promise<void> {
  const { status, result: _result, message: _message, ...description } = readRunFile(path);
  if (status === "finished") {
    throw new UsageError(
      `${path} holds a run that has finished. Look at it with bn-only report ${path}`,
    );
  }
  checkOptions(join(path, runFiles.run), description.options);
  assertPluginConsent(`${path} was begun with`, description.options.plugin ?? [], plugin);
  const options = { ...description.options, ...given };
  const workingFolder = folderOf(description);
  const reporter = createReporter(io, { json });
  try {
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
    reporter.line(`${path} goes on after ${state?.step ?? 0} steps`);
    const gammaBefore = readGammas(path) ?? (await gammaValues(prepared.network));
    const done = readMetrics(path).filter((line) => isDone(line, state));
    const folder = reopenRunFolder(path, { ...description, options: prepared.options }, done);
    await trainInFolder({
      folder,
      plugins,
      prepared,
      reporter,
      io,
      json,
      gammaBefore,
      resume: state,
    });
  } finally {
    reporter.close();
  }
}

/** Where the run's relative paths begin; here, if that folder is gone or the run does not tell. */
function folderOf({ workingFolder }: RunDescription): string {
  return workingFolder !== undefined && existsSync(workingFolder) ? workingFolder : process.cwd();
}

/** Whether a line of the metrics is of a step or an epoch that the state knows. */
function isDone(
  { event, step, epoch }: Readonly<Record<string, unknown>>,
  state: { readonly step: number; readonly history: readonly unknown[] } | undefined,
): boolean {
  if (state === undefined) return false;
  return event === "epoch" ? Number(epoch) < state.history.length : Number(step) <= state.step;
}
