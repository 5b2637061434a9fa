import { existsSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { decodeSafetensors, decodeState, type TrainingState } from "@bn-only/trainer";
import { writeWhole } from "@bn-only/files";
import { describeError, UsageError } from "../errors.ts";
import { readRegularFile } from "../read-file.ts";
import { quote } from "../report/command-line.ts";
import { runFiles } from "./files.ts";

const { checkpoint, previousCheckpoint } = runFiles;

/** Puts a state into a run folder; the one before stays as well. */
export function writeCheckpoint(folder: string, bytes: Uint8Array): void {
  const [file, previous] = [join(folder, checkpoint), join(folder, previousCheckpoint)];
  writeWhole(file, bytes, () => {
    // Whoever reads takes the one before where there is no last.
    if (existsSync(file)) renameSync(file, previous);
  });
}

export function hasCheckpoint(folder: string): boolean {
  return [checkpoint, previousCheckpoint].some((name) => existsSync(join(folder, name)));
}

/** Once a run has finished. */
export function removeCheckpoints(folder: string): void {
  for (const name of [checkpoint, previousCheckpoint, runFiles.gammas]) {
    rmSync(join(folder, name), { force: true });
  }
}

/**
 * The last state of a run, or the one before where the last is damaged.
 *
 * @param say told when the last one could not be used
 * @returns undefined where the run was interrupted before its first checkpoint
 * @throws UsageError when there are checkpoints and all are damaged.
 */
export function readCheckpoint(
  folder: string,
  say: (line: string) => void,
): TrainingState | undefined {
  const problems: string[] = [];
  for (const name of [checkpoint, previousCheckpoint]) {
    const file = join(folder, name);
    if (!existsSync(file)) continue;
    try {
      const bytes = readRegularFile(file);
      const state = decodeState(bytes);
      if (!decodeSafetensors(bytes).metadata.has("checksum")) {
        say(
          `${file} has no checksum, as an earlier version wrote it: whether it was altered cannot be told`,
        );
      }
      if (problems.length > 0) say(`${problems[0]}; going on from ${name}`);
      return state;
    } catch (error) {
      problems.push(`${file} cannot be used (${describeError(error).replace(/\.$/, "")})`);
    }
  }
  if (problems.length === 0) return undefined;
  throw new UsageError(
    `${problems.join("; ")}. Train the run again: bn-only train with the same options, --out ${quote(folder)} and --overwrite.`,
  );
}
