import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { isRunning, machineTag } from "@bn-only/files";

const dayInMilliseconds = 24 * 60 * 60 * 1000;

/** Who made something temporary: this process on this machine, as part of a file name. */
export function ownerTag(pid: number = process.pid): string {
  return `${machineTag()}-${pid}`;
}

/** A folder of this process, `<prefix><machine>-<pid>-XXXXXX`. */
export function temporaryFolder(parent: string, prefix: string): Promise<string> {
  return mkdtemp(join(parent, `${prefix}${ownerTag()}-`));
}

/**
 * Removes what processes left that were killed: everything in `parent` whose name `matches`, and whose
 * owner on this machine is no more, or that has not changed for a day, whoever the owner is: its number
 * may be another process by now.
 */
export async function removeAbandoned(
  parent: string,
  matches: (name: string) => boolean,
): Promise<void> {
  for (const name of await readdir(parent).catch(() => [])) {
    if (!matches(name)) continue;
    const path = join(parent, name);
    // Another user's, or gone meanwhile: not ours to remove.
    if (await isAbandoned(path, name)) {
      await rm(path, { recursive: true, force: true }).catch(() => undefined);
    }
  }
}

async function isAbandoned(path: string, name: string): Promise<boolean> {
  const [, pid] = new RegExp(`[-.]${machineTag()}-(\\d+)-`).exec(name) ?? [];
  if (pid !== undefined && !isRunning(Number(pid))) return true;
  const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Date.now() }));
  return Date.now() - mtimeMs > dayInMilliseconds;
}
