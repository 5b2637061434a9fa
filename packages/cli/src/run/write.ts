import { readdirSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { isRunning, isTemporaryName, ownerOfTemporary } from "@bn-only/files";

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
      if (owner !== undefined && !isRunning(owner)) rmSync(join(folder, name), { force: true });
    }
  } catch {
    // Of a folder that can only be written to.
  }
}
