import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { runFiles } from "./files.ts";

/** A run folder itself; of a folder without a run, those that it holds. */
export function runFoldersIn(path: string): string[] {
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return [];
  if (holdsRun(path)) return [path];
  return readdirSync(path)
    .sort()
    .map((name) => join(path, name))
    .filter(holdsRun);
}

const holdsRun = (folder: string): boolean => existsSync(join(folder, runFiles.run));
