import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import type { EpochEvent } from "@bn-only/trainer";
import { UsageError } from "../errors.ts";
import { readRegularFile } from "../read-file.ts";
import { quote } from "../report/command-line.ts";
import type { ResultEvent } from "../result.ts";
import { runFiles } from "./files.ts";
import { isLocked } from "./lock.ts";
import type { ReportRecord, RunFile } from "./record.ts";
import { objectOf, optional, type Shape, text } from "./shape.ts";

/** A finished run, as its folder keeps it: all that the report needs. */
export interface FinishedRun extends RunFile {
  readonly result: ResultEvent;
  readonly history: readonly EpochEvent[];
  readonly record: ReportRecord;
}

/** What every reader relies on; the options are looked at where they are used. */
const runFile: Shape = objectOf({
  status: text,
  network: text,
  options: objectOf({}),
  message: optional(text),
  workingFolder: optional(text),
});

/** @throws UsageError when `path` is no run folder. */
export function readRunFile(path: string): RunFile {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) throw new UsageError(`there is no folder ${path}. Name a run folder.`);
  if (!stats.isDirectory()) {
    throw new UsageError(`${path} is a file, not a run folder. Name the folder that it is in.`);
  }
  const run = readJson(path, runFiles.run);
  if (runFile(run) !== undefined) {
    throw new UsageError(
      `${join(path, runFiles.run)} is not that of a run. Name a folder that bn-only train made.`,
    );
  }
  return run as RunFile;
}

export function tryReadRunFile(path: string): RunFile | undefined {
  try {
    return readRunFile(path);
  } catch {
    return undefined;
  }
}

/** @throws UsageError when the run has not finished, or a file of it is missing or damaged. */
export function readFinishedRun(path: string): FinishedRun {
  const run = readRunFile(path);
  if (run.status !== "finished" || run.result === undefined) {
    throw new UsageError(`${path} holds a run that ${fateOf(path, run)}`);
  }
  assertNumbers(join(path, runFiles.run), run.result, ["testAccuracy", "testLoss"]);
  const record = readJson(path, runFiles.record) as ReportRecord | null;
  const { gammaBefore, gammaAfter, shown } = record ?? {};
  if (!isNumbers(gammaBefore) || !isNumbers(gammaAfter) || !Array.isArray(shown)) {
    throw new UsageError(`${join(path, runFiles.record)} is not that of a run. Train it again.`);
  }
  const history = readMetrics(path).filter((line) => line["event"] === "epoch");
  if (history.length === 0) {
    throw new UsageError(`${join(path, runFiles.metrics)} holds no epoch. Train it again.`);
  }
  for (const epoch of history) {
    const tested = "testLoss" in epoch ? ["testLoss", "testAccuracy"] : [];
    assertNumbers(join(path, runFiles.metrics), epoch, ["trainLoss", "trainAccuracy", ...tested]);
  }
  return {
    ...run,
    result: run.result,
    history: history as unknown as EpochEvent[],
    record: record!,
  };
}

/** How a run that has not finished stands, after "a run that". */
export function fateOf(path: string, { status, message }: RunFile): string {
  const goOn = `Go on with: bn-only resume ${quote(path)}`;
  if (status === "running") {
    if (isLocked(path)) return "is still running. Wait for it to end.";
    return `was interrupted: its process is gone. ${goOn}`;
  }
  const why = message === undefined ? "" : `: ${message.replace(/\.$/, "")}`;
  return `has not finished (${status}${why}). ${goOn}`;
}

/** What a run that diverged left behind, before such a run ended as one. */
function assertNumbers(file: string, values: object | null, names: readonly string[]): void {
  const numbers = Object(values) as Readonly<Record<string, unknown>>;
  const wrong = names.find((name) => !Number.isFinite(numbers[name]));
  if (wrong === undefined) return;
  throw new UsageError(
    `${file} has a ${wrong} that is no finite number: the run diverged, or the file is damaged. ` +
      `Train it again, with a lower learning rate.`,
  );
}

/** Of float32, beyond which there is infinity. */
const isNumbers = (value: unknown): value is readonly number[] =>
  Array.isArray(value) &&
  value.every((entry) => typeof entry === "number" && Number.isFinite(Math.fround(entry)));

/** All gammas before the first step, of a run that has not finished; undefined where they are not known. */
export function readGammas(path: string): Float32Array | undefined {
  try {
    const values: unknown = JSON.parse(readText(path, runFiles.gammas));
    return isNumbers(values) ? Float32Array.from(values) : undefined;
  } catch {
    return undefined;
  }
}

/** The whole lines of `metrics.jsonl`; half a line, left by a process that was killed, is dropped. */
function readMetrics(path: string): Record<string, unknown>[] {
  return parseLines(readText(path, runFiles.metrics));
}

/** The same of a run that has not finished, which may have been killed before it made the file. */
export function readMetricsSoFar(path: string): Record<string, unknown>[] {
  return existsSync(join(path, runFiles.metrics)) ? readMetrics(path) : [];
}

function parseLines(content: string): Record<string, unknown>[] {
  return content.split("\n").flatMap((line) => {
    try {
      const value: unknown = JSON.parse(line);
      return isRecord(value) ? [value] : [];
    } catch {
      return [];
    }
  });
}

function readJson(path: string, name: string): unknown {
  const content = readText(path, name);
  try {
    return JSON.parse(content);
  } catch (cause) {
    throw new UsageError(`${join(path, name)} is not JSON, so it is damaged. Train it again.`, {
      cause,
    });
  }
}

function readText(path: string, name: string): string {
  try {
    return readRegularFile(join(path, name)).toString("utf8");
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    throw new UsageError(
      code === "ENOENT"
        ? `${path} has no ${name}, so it is not the folder of a whole run. Name a folder that bn-only train made.`
        : `${join(path, name)} cannot be read: ${message}. Check the path.`,
      { cause },
    );
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
