import {
  existsSync,
  lstatSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { naming, newTemporaryName } from "@bn-only/files";
import { UsageError } from "../errors.ts";
import { isLockName, newLockName } from "./files.ts";
import { type ProcessIdentity, stateOf, thisProcess } from "./process-identity.ts";
import { natural, objectOf, optional, type Shape, text } from "./shape.ts";
import { removeTemporaries } from "./write.ts";

/** What a lock file says. */
interface Owner extends ProcessIdentity {
  /** When it took the folder. */
  readonly since: string;
}

const ownerShape: Shape = objectOf({
  pid: natural,
  host: text,
  since: text,
  startTime: optional(text),
  boot: optional(text),
  namespace: optional(text),
});

interface FoundLock {
  readonly file: string;
  /** Undefined for a file that holds no owner: a machine that went down wrote it. */
  readonly owner: Owner | undefined;
}

/** How often two processes that came at the same moment step back from each other. */
const ATTEMPTS = 5;

/** The right to write into a run folder, until it is released or the process ends. */
export interface RunLock {
  release(): void;
}

/**
 * Takes a folder for this process. Everybody puts down a file of his own first and only then looks who else is
 * there, so of two that come at once at least one sees the other; and nobody ever removes a file that somebody
 * alive has put down.
 *
 * @param say told of the locks of dead processes, which are removed
 * @throws UsageError when another process works in the folder.
 */
export async function lockRun(folder: string, say: (line: string) => void): Promise<RunLock> {
  for (let attempt = 1; ; attempt++) {
    assertFree(folder);
    const file = join(folder, newLockName());
    if (!writeLock(folder, file)) continue;
    const release = (): void => rmSync(file, { force: true });
    const others = locksIn(folder).filter((lock) => lock.file !== file);
    const rivals = others.filter(isHeld);
    if (rivals.length === 0) {
      for (const { file: stale, owner } of others) {
        rmSync(stale, { force: true });
        say(`${folder} was left by ${describe(owner)}, which is gone; taking it over`);
      }
      removeTemporaries(folder);
      return { release };
    }
    release();
    if (attempt === ATTEMPTS) throw heldBy(folder, rivals[0]!);
    await wait(10 + Math.random() * 50);
  }
}

/** The same, or undefined when another process works in the folder. */
export async function lockIfFree(folder: string): Promise<RunLock | undefined> {
  try {
    return await lockRun(folder, () => {});
  } catch (error) {
    if (UsageError.isInstance(error)) return undefined;
    throw error;
  }
}

/** @throws UsageError when another process works in the folder. */
export function assertFree(folder: string): void {
  const held = locksIn(folder).find(isHeld);
  if (held) throw heldBy(folder, held);
}

/** Whether a process works in the folder, or may do so on another host. */
export function isLocked(folder: string): boolean {
  return locksIn(folder).some(isHeld);
}

/** False where the owner of the folder cleaned up just then. */
function writeLock(folder: string, file: string): boolean {
  const owner: Owner = { ...thisProcess(), since: new Date().toISOString() };
  const temporary = join(folder, newTemporaryName("lock"));
  try {
    naming(folder, () => {
      writeFileSync(temporary, `${JSON.stringify(owner)}\n`, { flag: "wx" });
      renameSync(temporary, file);
    });
    return true;
  } catch (error) {
    rmSync(temporary, { force: true });
    if ((error as NodeJS.ErrnoException).code === "ENOENT" && existsSync(folder)) return false;
    throw error;
  }
}

function locksIn(folder: string): FoundLock[] {
  return readdirSync(folder)
    .filter(isLockName)
    .map((name) => join(folder, name))
    .flatMap((file) => {
      try {
        // A pipe would be waited for without end.
        const content = lstatSync(file).isFile() ? readFileSync(file, "utf8") : "";
        return [{ file, owner: parseOwner(content) }];
      } catch (error) {
        // Released meanwhile.
        if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
        throw error;
      }
    });
}

function parseOwner(content: string): Owner | undefined {
  try {
    const owner = JSON.parse(content) as Owner;
    return ownerShape(owner) === undefined && owner.pid > 0 ? owner : undefined;
  } catch {
    return undefined;
  }
}

/** A lock appears with all that it says, so one that says nothing is of no process that lives. */
function isHeld({ owner }: FoundLock): boolean {
  return owner !== undefined && stateOf(owner) !== "dead";
}

function describe(owner: Owner | undefined): string {
  return owner === undefined ? "a process" : `process ${owner.pid} (since ${owner.since})`;
}

/** In the error of whoever came second. */
export const IN_USE = "is in use by";

function heldBy(folder: string, { file, owner }: FoundLock): UsageError {
  const elsewhere = stateOf(owner!) === "unknown";
  const remedy = elsewhere
    ? `That cannot be checked from here: if it is gone, remove ${file}.`
    : "Wait for it, or choose another folder.";
  return new UsageError(
    `${folder} ${IN_USE} ${describe(owner)}${elsewhere ? ` on ${owner!.host}` : ""}. ${remedy}`,
  );
}
