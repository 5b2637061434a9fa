import { UsageError, describeError } from "../../errors.ts";
import type { Io } from "../../io.ts";
import { writeJson } from "../../progress/json.ts";
import { writeReport } from "../../report/write.ts";
import { print } from "../../print.ts";
import { lockIfFree } from "../../run/lock.ts";
import { readFinishedRun } from "../../run/read.ts";
import { settle } from "../../training/settle.ts";

export interface ReportCommandOptions {
  readonly json?: boolean;
}

/**
 * `bn-only report`: the page of every run that is named. One that cannot be made does not keep the
 * others from theirs.
 *
 * @throws UsageError that names the runs without a page, and why.
 */
export async function runReports(
  runs: readonly string[],
  { json }: ReportCommandOptions,
  io: Io,
): Promise<void> {
  const problems: string[] = [];
  for (const run of runs) {
    io.signal.throwIfAborted();
    try {
      await settle(run);
      const report = await makeReport(run);
      if (json) writeJson(io, { event: "report", run, report });
      else print(io, report);
    } catch (error) {
      problems.push(describeError(error));
    }
  }
  if (problems.length > 0) throw new UsageError(problems.join(" "));
}

/** Alone in the folder, unless another run is being made there. */
async function makeReport(run: string): Promise<string> {
  readFinishedRun(run);
  const lock = await lockIfFree(run);
  try {
    return writeReport(run);
  } finally {
    lock?.release();
  }
}
