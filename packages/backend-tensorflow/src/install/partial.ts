import { syncFile, syncFolder } from "@bn-only/files";
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/**
 * A new folder beside `target` for something that is not whole yet, under a name that nobody can have known.
 * What earlier calls that were killed left there for the same target is removed.
 */
export function partialFolder(target: string): string {
  const folder = dirname(target);
  mkdirSync(folder, { recursive: true });
  const prefix = `.${basename(target)}-`;
  for (const name of readdirSync(folder)) {
    if (name.startsWith(prefix)) rmSync(join(folder, name), { recursive: true, force: true });
  }
  return mkdtempSync(join(folder, prefix));
}

/** Gives a file, or a folder and all in it, its final name once it is on disk: a crash leaves the whole or nothing. */
export function putInPlace(partial: string, target: string): void {
  syncAll(partial);
  renameSync(partial, target);
  syncFolder(dirname(target));
}

function syncAll(path: string): void {
  const entries = readEntries(path);
  if (entries === undefined) {
    syncFile(path);
    return;
  }
  for (const entry of entries) {
    // A link has no contents of its own.
    if (entry.isFile() || entry.isDirectory()) syncAll(join(path, entry.name));
  }
  syncFolder(path);
}

/** Undefined for what is no folder. */
function readEntries(path: string) {
  try {
    return readdirSync(path, { withFileTypes: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOTDIR") return undefined;
    throw error;
  }
}
