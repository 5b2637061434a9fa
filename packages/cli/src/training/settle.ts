import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { isTemporaryName } from "@bn-only/files";
import { writeReport } from "../report/write.ts";
import { hasCheckpoint, removeCheckpoints } from "../run/checkpoint.ts";
import { COMMITTED, isLockName, runFiles } from "../run/files.ts";
import { lockIfFree } from "../run/lock.ts";
import { tryReadRunFile } from "../run/read.ts";
import { commitReplacement, putInPlace, replacementOf } from "../run/replacement.ts";

/**
 * Does what a process did not come to that was killed once its run had finished: makes the page, puts the run in the
 * place of an earlier one, removes checkpoints and its own traces. Nothing while another process works in the folder.
 *
 * @returns whether a run has come to its end only now
 */
export async function settle(out: string): Promise<boolean> {
  try {
    if (!isUnsettled(out)) return false;
    const lock = await lockIfFree(out);
    if (lock === undefined) return false;
    try {
      return complete(out);
    } finally {
      lock.release();
    }
  } catch (error) {
    // Tidying may fail where one can only read; but files of two runs are no run.
    if ((error as NodeJS.ErrnoException).code === undefined || isCommitted(out)) throw error;
    return false;
  }
}

function isUnsettled(out: string): boolean {
  if (isCommitted(out) || isFinished(replacementOf(out))) return true;
  if (!isFinished(out)) return false;
  return (
    holdsState(out) || readdirSync(out).some((name) => isLockName(name) || isTemporaryName(name))
  );
}

function complete(out: string): boolean {
  const committed = isCommitted(out);
  putInPlace(out);
  const replacement = replacementOf(out);
  const waits = isFinished(replacement);
  if (waits) {
    makePage(replacement);
    commitReplacement(out);
  }
  const holds = isFinished(out) && holdsState(out);
  if (holds) {
    makePage(out);
    removeCheckpoints(out);
  }
  return committed || waits || holds;
}

/** Only a page that was not made before; a run that lacks what it shows stays without. */
function makePage(folder: string): void {
  if (existsSync(join(folder, runFiles.report)) || !tryReadRunFile(folder)?.options.report) return;
  try {
    writeReport(folder);
  } catch {
    return;
  }
}

const isCommitted = (out: string): boolean => existsSync(join(out, COMMITTED));

const isFinished = (folder: string): boolean => tryReadRunFile(folder)?.status === "finished";

/** What a run needs only until it has finished. */
function holdsState(folder: string): boolean {
  return hasCheckpoint(folder) || existsSync(join(folder, runFiles.gammas));
}
