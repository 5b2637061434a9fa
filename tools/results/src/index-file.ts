import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { commandLine } from "../../../packages/cli/src/report/command-line.ts";
import { sha256 } from "../../../packages/cli/src/reproduce/configuration.ts";
import { oneLine } from "../../../packages/cli/src/reproduce/result.ts";
import { inOrder } from "../../../packages/cli/src/reproduce/run-order.ts";
import { readStoredRun, type StoredRun } from "../../../packages/cli/src/reproduce/run-store.ts";
import { runFiles } from "../../../packages/cli/src/run/files.ts";
import { readRunFile } from "../../../packages/cli/src/run/read.ts";

/** One run in `results/index.json`. */
export interface IndexEntry {
  readonly network: string;
  readonly condition: string;
  readonly dataset: string;
  readonly epochs: number;
  /** Images of an epoch. */
  readonly trainSize: number;
  readonly seed: number;
  /** 0 to 1, on the test images, after the last epoch. */
  readonly testAccuracy: number;
  /** Of the model file, also where it holds all weights and is not kept. */
  readonly modelSha256: string;
  readonly backend: string;
  /** Makes the same run again. */
  readonly command: string;
  readonly versions: { readonly bnOnly: string; readonly tfjs: string; readonly node: string };
  readonly machine: { readonly cpu: string; readonly cores: number; readonly platform: string };
  /** When it began: year, month and day. */
  readonly date: string;
  /** In `results/`. */
  readonly folder: string;
  /** SHA-256 of every file in the folder. */
  readonly files: Readonly<Record<string, string>>;
}

/** All finished runs in `results`; those that go on there, with a checkpoint, come in once they have finished. */
export function readResults(results: string): StoredRun[] {
  const folders = readdirSync(results)
    .sort()
    .map((name) => join(results, name))
    .filter(
      (path) => existsSync(join(path, runFiles.run)) && readRunFile(path).status === "finished",
    );
  return inOrder(folders.map(readStoredRun));
}

export function entryOf({ folder, configuration, run, modelSha256 }: StoredRun): IndexEntry {
  const { network, condition, dataset, epochs, seed, backend } = configuration;
  const files = readdirSync(folder).sort();
  return {
    network,
    condition,
    dataset,
    epochs,
    trainSize: run.record.trainImages,
    seed,
    testAccuracy: run.result.testAccuracy,
    modelSha256,
    backend,
    command: oneLine(commandLine(run)),
    versions: run.versions,
    machine: run.machine,
    date: run.started.slice(0, 10),
    folder: folder.split("/").at(-1)!,
    files: Object.fromEntries(
      files.map((name) => [name, sha256(readFileSync(join(folder, name)))]),
    ),
  };
}
