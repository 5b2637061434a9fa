import { commandLine } from "../report/command-line.ts";
import { canonicalJson, sha256 } from "./configuration.ts";
import type { StoredRun } from "./run-store.ts";

/** One line of a figure's list of runs. */
export interface RunEntry {
  readonly hash: string;
  readonly folder: string;
  readonly network: string;
  readonly condition: string;
  readonly seed: number;
  /** 0 to 1. */
  readonly testAccuracy: number;
  readonly modelSha256: string;
  readonly command: string;
}

export const entryOf = ({
  hash,
  folder,
  configuration,
  run,
  modelSha256,
}: StoredRun): RunEntry => ({
  hash,
  folder,
  network: configuration.network,
  condition: configuration.condition,
  seed: configuration.seed,
  testAccuracy: run.result.testAccuracy,
  modelSha256,
  command: oneLine(commandLine(run)),
});

export const oneLine = (command: string): string => command.replaceAll(/\s*\\\n\s*/g, " ");

/**
 * One hash of what came out: of the runs' configurations, model files and accuracies, in the order of the configurations' hashes.
 * Two people with the same hash have the same models to the bit.
 */
export function resultHash(runs: readonly StoredRun[]): string {
  const results = runs.map(({ hash, modelSha256, run }) => ({
    configuration: hash,
    model: modelSha256,
    testAccuracy: run.result.testAccuracy,
  }));
  return sha256(
    canonicalJson(results.sort((a, b) => (a.configuration < b.configuration ? -1 : 1))),
  );
}
