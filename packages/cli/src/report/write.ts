import { join } from "node:path";
import { writeWhole } from "@bn-only/files";
import { runFiles } from "../run/files.ts";
import { readFinishedRun } from "../run/read.ts";
import { checkedRun } from "./check-run.ts";
import { renderReport } from "./report.ts";

/**
 * Renders the report of a finished run from what its folder holds, and nothing else.
 *
 * @returns the page's path
 * @throws UsageError when the folder does not hold a whole run.
 */
export function writeReport(folder: string): string {
  const file = join(folder, runFiles.report);
  writeWhole(file, renderReport(checkedRun(folder, readFinishedRun(folder))));
  return file;
}
