import { existsSync } from "node:fs";
import { UsageError, describeError } from "../../errors.ts";
import type { Io } from "../../io.ts";
import { writeJson } from "../../progress/json.ts";
import { writeReport } from "../../report/write.ts";
import { print } from "../../print.ts";
import { settle } from "../../run/replacement.ts";

export interface ReportCommandOptions {
  readonly json?: boolean;
}

/**
 * `bn-only report`: the page of every run that is named. One that cannot be made does not keep the
 * others from theirs.
 *
 * @throws UsageError that names the runs without a page, and why.
 */
export function runReports(runs: readonly string[], { json }: ReportCommandOptions, io: Io): void {
  const problems: string[] = [];
  for (const run of runs) {
    io.signal.throwIfAborted();
    try {
      if (existsSync(run)) settle(run);
      const report = writeReport(run);
      if (json) writeJson(io, { event: "report", run, report });
      else print(io, report);
    } catch (error) {
      problems.push(describeError(error));
    }
  }
  if (problems.length > 0) throw new UsageError(problems.join(" "));
}
