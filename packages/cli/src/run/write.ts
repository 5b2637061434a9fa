import { writeWhole as writeUnder } from "@bn-only/errors";
import { readdirSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { isTemporaryName, newTemporaryName, ownerOfTemporary } from "./files.ts";
import { isThere } from "./process-identity.ts";

export { makeFolder, naming, syncFile, syncFolder } from "@bn-only/errors";

/** As everywhere, under a temporary name that tells whose process it is. */
export function writeWhole(
  file: string,
  contents: string | Uint8Array,
  beforeRename?: () => void,
): void {
  writeUnder(file, contents, {
    temporaryName: newTemporaryName(basename(file)),
    ...(beforeRename && { beforeRename }),
  });
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
