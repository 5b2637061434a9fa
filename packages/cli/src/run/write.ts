import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { isTemporaryName, newTemporaryName, ownerOfTemporary } from "./files.ts";
import { isThere } from "./process-identity.ts";

/**
 * Writes all of a file or nothing, and has it on disk when it returns: a temporary file that nobody else
 * can have opened, fsync, rename, fsync of the folder. `beforeRename` runs when the new file is safe.
 */
export function writeWhole(
  file: string,
  contents: string | Uint8Array,
  beforeRename: () => void = () => {},
): void {
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

/** What processes that were killed left half-written; only for the owner of the folder. */
export function removeTemporaries(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (isTemporaryName(name)) rmSync(join(folder, name), { force: true });
  }
}

/** What processes that are gone left of a file outside any run folder. */
export function removeAbandoned(file: string): void {
  const [folder, prefix] = [dirname(file), `.${basename(file)}.`];
  try {
    for (const name of readdirSync(folder)) {
      const owner = name.startsWith(prefix) ? ownerOfTemporary(name) : undefined;
      if (owner !== undefined && !isThere(owner)) rmSync(join(folder, name), { force: true });
    }
  } catch {
    // Of a folder that can only be written to.
  }
}

/** `mkdirSync` with `recursive` hides why a folder cannot be made. */
export function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  try {
    mkdirSync(path);
    syncFolder(dirname(path));
  } catch (error) {
    // Another run may have made it meanwhile.
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}

/** What a file holds is on disk when this returns. */
export function syncFile(path: string): void {
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
