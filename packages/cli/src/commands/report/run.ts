import { realpathSync, statSync } from "node:fs";
import { dirname, join, normalize, relative, resolve, sep } from "node:path";
import { writeWhole } from "@bn-only/files";
import { describeError, FigureError, isUsageError, UsageError } from "../../errors.ts";
import type { Io } from "../../io.ts";
import { writeJson } from "../../progress/json.ts";
import { renderComparison } from "../../report/compare.ts";
import { assertParent } from "../shared/output-file.ts";
import { writeReport } from "../../report/write.ts";
import { print } from "../../print.ts";
import { readStoredRun, type StoredRun } from "../../reproduce/run-store.ts";
import { lockIfFree } from "../../run/lock.ts";
import { readFinishedRun } from "../../run/read.ts";
import { runFoldersIn } from "../../run/run-folders.ts";
import { turn } from "../../turn.ts";
import { settle } from "../../training/settle.ts";

export interface ReportCommandOptions {
  readonly json?: boolean;
  /** Where the page of all runs goes; then no run gets its own. */
  readonly out?: string;
}

/**
 * `bn-only report`: the page of every run that is named, and one that compares them. A run that is not whole does not
 * keep the others from theirs.
 *
 * @throws UsageError or, where another command line would not help, FigureError that names the runs without a page, and why.
 */
export async function runReports(
  named: readonly string[],
  { json, out }: ReportCommandOptions,
  io: Io,
): Promise<void> {
  if (out !== undefined) assertPage(out);
  const problems: unknown[] = [];
  const attempt = async (work: () => Promise<void>): Promise<void> => {
    await turn(io.signal);
    try {
      await work();
    } catch (error) {
      problems.push(error);
    }
  };
  const whole: string[] = [];
  for (const run of eachOnce(named.flatMap(namedRuns))) {
    await attempt(async () => {
      await settle(run);
      if (out === undefined) {
        const report = await makeReport(run);
        if (json) writeJson(io, { event: "report", run, report });
        else print(io, report);
      }
      whole.push(run);
    });
  }
  const stored: StoredRun[] = [];
  const compares = whole.length > (out === undefined ? 1 : 0);
  for (const run of compares ? whole : []) {
    await attempt(async () => void stored.push(readStoredRun(run)));
  }
  if (stored.length > 0) await attempt(compare);
  if (problems.length > 0) {
    const Problem = problems.every(isUsageError) ? UsageError : FigureError;
    throw new Problem(problems.map(describeError).join("; ").replaceAll(".; ", "; "));
  }

  async function compare(): Promise<void> {
    const runs = stored.map(({ folder }) => folder);
    const report = out ?? join(commonFolder(runs), COMPARISON);
    writeWhole(report, await renderComparison(stored));
    if (json) writeJson(io, { event: "comparison", runs, report });
    else print(io, report);
  }
}

const COMPARISON = "comparison.html";

/** @throws UsageError for a file that no report wrote, a folder, or a place in none. */
function assertPage(out: string): void {
  assertParent(out);
  const there = statSync(out, { throwIfNoEntry: false });
  if (there?.isDirectory()) throw new UsageError(`--out ${out} is a folder. Name a file in it.`);
  if (there === undefined || /\.html?$/i.test(out)) return;
  throw new UsageError(`--out ${out} exists and is no page. Choose a name that ends in .html.`);
}

/** The path itself where no run is found, so that a reader can say what is wrong with it. */
function namedRuns(path: string): string[] {
  const found = runFoldersIn(path);
  return found.length > 0 ? found : [path];
}

/** Every folder by the first of its names, whatever leads to it. */
function eachOnce(paths: readonly string[]): string[] {
  const names = new Map<string, string>();
  for (const path of paths) {
    const real = realPath(path);
    if (!names.has(real)) names.set(real, normalize(path));
  }
  return [...names.values()];
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    // What is not there is told apart by its name, and a reader says what is wrong with it.
    return resolve(path);
  }
}

/** The innermost folder that holds all of them. */
function commonFolder(runs: readonly string[]): string {
  const paths = runs.map((run) => dirname(resolve(run)));
  let folder = paths[0]!;
  while (
    !paths.every(
      (path) => path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep),
    )
  ) {
    const parent = dirname(folder);
    // Two drives have no folder in common.
    if (parent === folder) {
      folder = paths[0]!;
      break;
    }
    folder = parent;
  }
  return relative(process.cwd(), folder).startsWith("..")
    ? folder
    : relative(process.cwd(), folder);
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
