import { existsSync, realpathSync, statSync } from "node:fs";
import { UsageError } from "../../errors.ts";

/** @throws UsageError when something is there that must not be replaced. */
export function checkTarget(file: string, out: string, overwrite = false): void {
  if (!existsSync(out)) return;
  if (realpathSync(out) === realpathSync(file)) {
    throw new UsageError(`--out ${out} is the model itself. Choose another file.`);
  }
  if (statSync(out).isDirectory()) {
    throw new UsageError(`--out ${out} is a folder. Name a file in it.`);
  }
  if (overwrite) return;
  throw new UsageError(`${out} exists already. Choose another --out, or add --overwrite.`);
}
