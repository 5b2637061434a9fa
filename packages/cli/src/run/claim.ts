import { accessSync, constants, existsSync, mkdirSync, readdirSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { isTemporaryName, makeFolder } from "@bn-only/files";
import { UsageError } from "../errors.ts";
import { quote } from "../report/command-line.ts";
import type { TrainingOptions } from "../training/options.ts";
import { COMMITTED, isLockName, runFiles } from "./files.ts";
import { assertFree } from "./lock.ts";
import { firstDifference } from "./options-differ.ts";
import { tryReadRunFile } from "./read.ts";
import type { RunFile } from "./record.ts";
import { replacementOf } from "./replacement.ts";

/** What `train` may do at the folder that it was given. */
export type Claim =
  /** Nothing is there that anybody could miss. */
  | { readonly kind: "begin" }
  /** The very run, unfinished. */
  | { readonly kind: "go on" }
  /** `--overwrite`: beside what is there, until it has finished. */
  | { readonly kind: "replace" };

export interface Claimant {
  readonly network: string;
  readonly options: TrainingOptions;
  readonly overwrite: boolean;
  /** Whether the claimant has locked the folder already. */
  readonly locked?: boolean;
}

/**
 * Looks what is at `path` and changes nothing.
 *
 * @throws UsageError when a run or anything else is there that must stay, or another process works there; the
 *   system's error with its path when no folder could be made or written there.
 */
export function claimFolder(path: string, claimant: Claimant): Claim {
  assertWritable(path);
  if (!existsSync(path)) return { kind: "begin" };
  if (!claimant.locked) assertFree(path);
  const names = readdirSync(path);
  if (!names.includes(runFiles.run)) {
    if (names.every((name) => isLeftover(path, name))) return { kind: "begin" };
    throw new UsageError(
      `--out ${path} is not empty and holds no run. Choose a new folder, or empty this one.`,
    );
  }
  const run = tryReadRunFile(path);
  const { checkpoint, previousCheckpoint, model } = runFiles;
  const holds = (...wanted: string[]): boolean => wanted.some((name) => names.includes(name));
  if (run?.status !== "finished" && !holds(checkpoint, previousCheckpoint, model, COMMITTED)) {
    return { kind: "begin" };
  }
  if (claimant.overwrite) {
    const again = tryReadRunFile(replacementOf(path));
    const same = again && firstDifference(again, claimant) === undefined;
    return same ? { kind: "go on" } : { kind: "replace" };
  }
  return unlessOther(path, run, claimant);
}

function unlessOther(path: string, run: RunFile | undefined, claimant: Claimant): Claim {
  const replace = "replace it with --overwrite";
  if (run === undefined) {
    throw new UsageError(
      `--out ${path} holds a run whose ${runFiles.run} cannot be read. Choose another folder, or ${replace}.`,
    );
  }
  if (run.status === "finished") {
    throw new UsageError(
      `--out ${path} holds a run that has finished. Choose another folder, or ${replace}.`,
    );
  }
  const difference = firstDifference(run, claimant);
  if (difference === undefined) return { kind: "go on" };
  throw new UsageError(
    `--out ${path} holds an unfinished run with ${difference}. Go on with it by bn-only resume ${quote(path)}, ` +
      `choose another folder, or ${replace}.`,
  );
}

/** Makes a folder that nobody else has: with a number at its end if there is one of the name. */
export function makeNewFolder(path: string): string {
  makeFolder(dirname(path));
  for (let number = 1; ; number++) {
    const name = number === 1 ? path : `${path}-${number}`;
    try {
      mkdirSync(name);
      return name;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
  }
}

/** The run in a folder, or in the one inside it that would replace it; `resume` goes on with that. */
export function unfinishedIn(path: string): string {
  const replacement = replacementOf(path);
  return tryReadRunFile(replacement) === undefined ? path : replacement;
}

/** What a process may leave that died before it had written `run.json`. */
function isLeftover(path: string, name: string): boolean {
  if (isLockName(name) || isTemporaryName(name)) return true;
  return name === runFiles.metrics && statSync(join(path, name)).size === 0;
}

/** @throws the system's error with its path when no folder could be made or written at `path`. */
export function assertWritable(path: string): void {
  let nearest = resolve(path);
  // A drive that is not there has no folder above it.
  while (!existsSync(nearest) && dirname(nearest) !== nearest) nearest = dirname(nearest);
  readdirSync(nearest);
  accessSync(nearest, constants.W_OK);
}
