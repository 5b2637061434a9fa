import {
  closeSync,
  existsSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";

/**
 * Writes all of a file or nothing, and has it on disk when it returns: a temporary file that nobody else
 * can have opened, fsync, rename, fsync of the folder. `beforeRename` runs when the new file is safe.
 */
export function writeWhole(
  file: string,
  contents: string | Uint8Array,
  beforeRename: () => void = () => {},
): void {
  const temporary = join(dirname(file), `.${basename(file)}.${process.pid}`);
  try {
    // Left by a process of this number that was killed.
    rmSync(temporary, { force: true });
    naming(file, () => writeFileSync(temporary, contents, { flag: "wx", flush: true }));
    beforeRename();
    renameSync(temporary, file);
    syncFolder(dirname(file));
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** In the blocks that a file has already, which a full disk allows. */
export function overwrite(file: string, contents: string): void {
  const descriptor = openSync(file, "r+");
  try {
    ftruncateSync(descriptor, writeSync(descriptor, contents));
  } finally {
    closeSync(descriptor);
  }
}

/** `mkdirSync` with `recursive` hides why a folder cannot be made. */
export function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  try {
    mkdirSync(path);
  } catch (error) {
    // Another run may have made it meanwhile.
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}

/** What a file holds is on disk when this returns. */
export function syncFile(path: string): void {
  const descriptor = openSync(path, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Makes renames last; not every system can do that to a folder. */
function syncFolder(path: string): void {
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
