import { attempt, type BackendReport, unavailable } from "./attempt.ts";
import type { BackendCandidate, BackendOptions } from "./candidate.ts";
import { type Measurement, measurementKey, recall, remember } from "./measured.ts";
import { timeSteps } from "./timing.ts";

/** What `auto` came to; `chosen` is selected, and undefined where nothing works. */
export interface Decision {
  readonly chosen: BackendReport | undefined;
  readonly tried: readonly BackendReport[];
  /** Milliseconds of a step by name; empty when there was nothing to compare. */
  readonly milliseconds: Readonly<Record<string, number>>;
}

const automatic = { automatic: true };

/**
 * Chooses the fastest of those that could win, or else the first of the others that works. The fastest
 * is found by timing where several work, once for a machine: later the winner alone is loaded.
 */
export async function decide(
  candidates: readonly BackendCandidate[],
  options: BackendOptions,
): Promise<Decision> {
  const contenders = candidates.filter(({ couldWin }) => couldWin);
  const key = await measurementKey(contenders, options);
  const known = recall(key);
  const winner = contenders.find(({ name }) => name === known?.name);
  if (known && winner) {
    const report = await attempt(winner, options, automatic);
    if (report.available) {
      return { chosen: report, tried: [report], milliseconds: known.milliseconds };
    }
  }
  const tried: BackendReport[] = [];
  for (const candidate of contenders) {
    tried.push(await attempt(candidate, options, automatic));
  }
  const working = contenders.filter((_, i) => tried[i]!.available);
  if (working.length === 0) return fallBack(candidates, options, tried);
  const { measurement, failed } = await compare(working, options);
  const reports = tried.map((report) => failed.get(report.name) ?? report);
  if (measurement === undefined) return fallBack(candidates, options, reports);
  const { name, milliseconds } = measurement;
  if (working.length > 1) remember(key, measurement);
  const chosen = await attempt(
    working.find((candidate) => candidate.name === name)!,
    options,
    automatic,
  );
  return { chosen: chosen.available ? chosen : undefined, tried: reports, milliseconds };
}

/** The first that works of those that would not have been chosen for their speed. */
async function fallBack(
  candidates: readonly BackendCandidate[],
  options: BackendOptions,
  tried: BackendReport[],
): Promise<Decision> {
  for (const candidate of candidates.filter(({ couldWin }) => !couldWin)) {
    const report = await attempt(candidate, options, automatic);
    tried.push(report);
    if (report.available) return { chosen: report, tried, milliseconds: {} };
  }
  return { chosen: undefined, tried, milliseconds: {} };
}

/** Each has its turn twice, and the better one counts: a machine may be busy for a moment. */
const ROUNDS = 2;

interface Comparison {
  /** Undefined where all of them failed. */
  readonly measurement: Measurement | undefined;
  /** Those that failed while they were timed, by name. */
  readonly failed: ReadonlyMap<string, BackendReport>;
}

/** One that is alone wins untimed; one that fails is out. */
async function compare(
  working: readonly BackendCandidate[],
  options: BackendOptions,
): Promise<Comparison> {
  const failed = new Map<string, BackendReport>();
  if (working.length === 1) {
    return { measurement: { name: working[0]!.name, milliseconds: {} }, failed };
  }
  const milliseconds: Record<string, number> = {};
  for (let round = 0; round < ROUNDS; round++) {
    for (const candidate of working) {
      const { name } = candidate;
      if (failed.has(name)) continue;
      const report = await timedAttempt(candidate, options);
      if (typeof report === "number") {
        milliseconds[name] = Math.min(milliseconds[name] ?? Infinity, report);
      } else {
        failed.set(name, report);
        delete milliseconds[name];
      }
    }
  }
  const [fastest] = Object.entries(milliseconds).toSorted(([, a], [, b]) => a - b);
  return { measurement: fastest && { name: fastest[0], milliseconds }, failed };
}

/** Milliseconds of a step, or why it cannot be had. */
async function timedAttempt(
  candidate: BackendCandidate,
  options: BackendOptions,
): Promise<number | BackendReport> {
  const report = await attempt(candidate, options, automatic);
  if (!report.available) return report;
  try {
    return await timeSteps();
  } catch (error) {
    return unavailable(candidate.name, error);
  }
}
