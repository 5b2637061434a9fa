import { accessSync, constants, existsSync, realpathSync, statSync } from "node:fs";
import { dirname, sep } from "node:path";
import { UsageError } from "../../errors.ts";

/** @throws UsageError when something is there that must not be replaced, or there is no folder for it. */
export function checkTarget(file: string, out: string, overwrite = false): void {
  assertParent(out);
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

/** @throws UsageError for the name of a folder, and for a file in a folder that is not there, or that cannot be written to. */
export function assertParent(out: string): void {
  if (out.endsWith("/") || out.endsWith(sep)) {
    throw new UsageError(`--out ${out} names a folder. Name a file in it.`);
  }
  const parent = dirname(out);
  if (statSync(parent, { throwIfNoEntry: false })?.isDirectory()) return assertWritable(parent);
  throw new UsageError(
    `--out ${out} is in ${parent}, which is no folder. Make that, or choose another --out.`,
  );
}

function assertWritable(folder: string): void {
  try {
    accessSync(folder, constants.W_OK);
  } catch {
    throw new UsageError(`no permission at ${folder}. Change it, or choose another --out.`);
  }
}
