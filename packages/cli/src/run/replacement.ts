import { existsSync, readdirSync, renameSync, rmdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { syncFolder } from "@bn-only/files";
import { COMMITTED, REPLACEMENT, runFiles } from "./files.ts";
import { removeTemporaries } from "./write.ts";

/** Where a run is made that will replace the one in `folder`. */
export const replacementOf = (folder: string): string => join(folder, REPLACEMENT);

/** Makes a finished replacement the run of `folder`. From the first rename on there is no way back. */
export function commitReplacement(folder: string): void {
  removeTemporaries(replacementOf(folder));
  // An earlier one that was not put in place is older than this.
  rmSync(join(folder, COMMITTED), { recursive: true, force: true });
  syncFolder(replacementOf(folder));
  renameSync(replacementOf(folder), join(folder, COMMITTED));
  syncFolder(folder);
  putInPlace(folder);
}

/**
 * Finishes what `commitReplacement` began, if a process was killed within. At every moment each file is whole, and
 * there is a model.
 */
export function putInPlace(folder: string): void {
  const committed = join(folder, COMMITTED);
  if (!existsSync(committed)) return;
  const { model, run, report, metrics, record, ...ofUnfinished } = runFiles;
  const move = (name: string): void => {
    if (existsSync(join(committed, name))) renameSync(join(committed, name), join(folder, name));
  };
  for (const name of Object.values(ofUnfinished)) rmSync(join(folder, name), { force: true });
  // As long as the model has not moved, nothing has: the replacement has no page then, and the old one is of another run.
  if (existsSync(join(committed, model)) && !existsSync(join(committed, report))) {
    rmSync(join(folder, report), { force: true });
  }
  syncFolder(folder);
  move(model);
  syncFolder(folder);
  // That it is no longer there must be known before that of any other file.
  syncFolder(committed);
  for (const name of [record, metrics, report, run]) move(name);
  syncFolder(folder);
  for (const name of readdirSync(committed)) rmSync(join(committed, name), { force: true });
  rmdirSync(committed);
}

export function removeReplacement(folder: string): void {
  rmSync(replacementOf(folder), { recursive: true, force: true });
}
