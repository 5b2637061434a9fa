import { newTemporaryName } from "./temporary-name.ts";

// Node's own modules are had by `process.getBuiltinModule` here: an import would keep bundlers from
// building what has this in it for browsers.

/**
 * Writes all of a file or nothing, and has it on disk when it returns: a temporary file that nobody else
 * can have opened, fsync, rename, fsync of the folder. `beforeRename` runs when the new file is safe.
 */
export function writeWhole(
  file: string,
  contents: string | Uint8Array,
  beforeRename: () => void = () => {},
): void {
  const { renameSync, rmSync, writeFileSync } = process.getBuiltinModule("node:fs");
  const { basename, dirname, join } = process.getBuiltinModule("node:path");
  const temporary = join(dirname(file), newTemporaryName(basename(file)));
  try {
    naming(file, () => writeFileSync(temporary, contents, { flag: "wx", flush: true }));
    beforeRename();
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  syncFolder(dirname(file));
}

/** A folder and those that it lies in, on disk; `mkdirSync` with `recursive` hides why one cannot be made. */
export function makeFolder(path: string): void {
  const { existsSync, mkdirSync } = process.getBuiltinModule("node:fs");
  const { dirname } = process.getBuiltinModule("node:path");
  if (existsSync(path)) return;
  // The root of a drive that is not there is its own parent.
  if (dirname(path) !== path) makeFolder(dirname(path));
  try {
    mkdirSync(path);
    syncFolder(dirname(path));
  } catch (error) {
    // Another process may have made it meanwhile.
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}

/** What a file holds is on disk when this returns. */
export function syncFile(path: string): void {
  const { closeSync, fsyncSync, openSync } = process.getBuiltinModule("node:fs");
  const descriptor = openSync(path, "r");
  try {
    naming(path, () => fsyncSync(descriptor));
  } finally {
    closeSync(descriptor);
  }
}

/** Makes renames last; not every system can do that to a folder. */
export function syncFolder(path: string): void {
  try {
    syncFile(path);
  } catch {
    return;
  }
}

/** The system's errors about a full disk do not say where. */
export function naming(path: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    throw Object.assign(error as Error, { path });
  }
}
