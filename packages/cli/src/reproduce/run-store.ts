import { existsSync } from "node:fs";
import { join } from "node:path";
import { checkedRun } from "../report/check-run.ts";
import { readRegularFile } from "../read-file.ts";
import { runFiles } from "../run/files.ts";
import { type FinishedRun, readFinishedRun, tryReadRunFile } from "../run/read.ts";
import { runFoldersIn } from "../run/run-folders.ts";
import { UsageError } from "../errors.ts";
import { configurationOf, hashOf, type RunConfiguration, sha256 } from "./configuration.ts";

/** A finished run, as a figure takes it. */
export interface StoredRun {
  /** Of its configuration. */
  readonly hash: string;
  readonly folder: string;
  readonly configuration: RunConfiguration;
  readonly run: FinishedRun;
  /** In hexadecimal. */
  readonly modelSha256: string;
}

/** @throws UsageError where a file of the run is missing or damaged. */
export function readStoredRun(folder: string): StoredRun {
  const run = checkedRun(folder, readFinishedRun(folder));
  const configuration = configurationOf(run);
  const { network, condition, seed } = configuration;
  const { result } = run;
  if (result.network !== network || result.condition !== condition || result.seed !== seed) {
    throw new UsageError(
      `${join(folder, runFiles.run)} is of ${network}, ${condition}, seed ${seed}, and its result of ${result.network}, ` +
        `${result.condition}, seed ${result.seed}: files of two runs. Train it again.`,
    );
  }
  return {
    hash: hashOf(configuration),
    folder,
    configuration,
    run,
    modelSha256: modelHash(folder, run),
  };
}

/** Of the file; of kept runs that trained all weights there is the hash alone. */
function modelHash(folder: string, { result }: FinishedRun): string {
  const file = join(folder, runFiles.model);
  if (existsSync(file)) return sha256(readRegularFile(file));
  if (result.modelSha256 !== undefined) return result.modelSha256;
  throw new UsageError(
    `${folder} has no ${runFiles.model}, so its run is not whole. Train it again.`,
  );
}

/**
 * The folders of finished runs among `parents` and those in them, by the hash of their configuration; of two the first.
 *
 * @param withModel whether runs are left out that were kept without their model
 */
export function findRuns(
  parents: readonly string[],
  { withModel = false }: { readonly withModel?: boolean } = {},
): Map<string, string> {
  const found = new Map<string, string>();
  for (const folder of parents.flatMap(runFoldersIn)) {
    if (withModel && !existsSync(join(folder, runFiles.model))) continue;
    const hash = finishedHash(folder);
    if (hash !== undefined && !found.has(hash)) found.set(hash, folder);
  }
  return found;
}

/** Whether a folder holds the finished run of a configuration. */
export function isFinished(folder: string, configuration: RunConfiguration): boolean {
  return finishedHash(folder) === hashOf(configuration);
}

function finishedHash(folder: string): string | undefined {
  const run = tryReadRunFile(folder);
  return run?.status === "finished" ? hashOf(configurationOf(run)) : undefined;
}
