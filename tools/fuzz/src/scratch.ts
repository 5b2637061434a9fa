import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const variable = "BN_ONLY_FUZZ_SCRATCH";
const memory = "/dev/shm";

/** A folder for parsers that read from disk, in memory where there is such a disk. Threads share it. */
export function scratchFolder(): string {
  const known = process.env[variable];
  if (known !== undefined) return known;
  const folder = mkdtempSync(join(existsSync(memory) ? memory : tmpdir(), "bn-only-fuzz-"));
  process.env[variable] = folder;
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.once(signal, () => process.exit(130));
  return folder;
}
