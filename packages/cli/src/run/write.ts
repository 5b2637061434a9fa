import { isTemporaryName } from "@bn-only/errors";
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

export { makeFolder, naming, syncFile, syncFolder, writeWhole } from "@bn-only/errors";

/** What processes that were killed left half-written; only for the owner of the folder. */
export function removeTemporaries(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (isTemporaryName(name)) rmSync(join(folder, name), { force: true });
  }
}
