import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { UsageError } from "../../../packages/cli/src/errors.ts";
import type { Io } from "../../../packages/cli/src/io.ts";
import { folderName } from "../../../packages/cli/src/reproduce/configuration.ts";
import { readStoredRun } from "../../../packages/cli/src/reproduce/run-store.ts";
import { runFiles } from "../../../packages/cli/src/run/files.ts";
import { countZeros, RELUS_FILE } from "./relus.ts";

/** A model file of BatchNorm has a few KB; one of all weights is not kept, its hash is. */
const LARGEST_MODEL = 100_000;

/**
 * Copies what is worth keeping of a finished run: its configuration, its epochs, its gammas, what its ReLUs give for the
 * test images, and its model unless that holds all weights. Nothing of the machine's folders goes with it.
 *
 * @returns the folder's name in `results`
 * @throws UsageError for a run that has not finished, is damaged, or names paths of a machine.
 */
export async function keepRun(folder: string, results: string, io: Io): Promise<string> {
  const stored = readStoredRun(folder);
  const { configuration, run, modelSha256 } = stored;
  const { history, record, workingFolder: _workingFolder, ...description } = run;
  const { dataset, dataDir, plugin } = configuration;
  const folderOfData = dataset.startsWith("folder:") ? dataset : dataDir;
  const path =
    folderOfData ?? plugin?.find((module) => isAbsolute(module) || module.startsWith("."));
  if (path !== undefined) {
    throw new UsageError(
      `${folder} was trained with ${path}, which nobody else has. Keep runs of public data only.`,
    );
  }
  // Before anything is written: its images may not be at hand.
  const hasModel = existsSync(join(folder, runFiles.model));
  const zeros = hasModel ? await countZeros(stored, io) : undefined;
  const { out: _out, ...result } = run.result;
  const name = folderName(configuration);
  const write = (file: string, contents: string | Uint8Array): void =>
    writeFileSync(join(results, name, file), contents);
  mkdirSync(join(results, name), { recursive: true });
  write(
    runFiles.run,
    `${JSON.stringify({ ...description, result: { ...result, modelSha256 } }, null, 2)}\n`,
  );
  write(runFiles.metrics, history.map((epoch) => `${JSON.stringify(epoch)}\n`).join(""));
  write(runFiles.record, `${JSON.stringify({ ...record, shown: [] })}\n`);
  if (zeros) write(RELUS_FILE, `${JSON.stringify(zeros)}\n`);
  if (configuration.condition !== "all" && result.modelBytes <= LARGEST_MODEL) {
    write(runFiles.model, readFileSync(join(folder, runFiles.model)));
  }
  return name;
}
