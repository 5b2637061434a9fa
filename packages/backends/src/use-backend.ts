import { didYouMean, show } from "@bn-only/errors";
import { attempt, type BackendReport } from "./attempt.ts";
import { decide, type Decision } from "./auto.ts";
import type { BackendCandidate, BackendOptions } from "./candidate.ts";
import { BackendError } from "./errors.ts";
import { assertNames, checkOptions } from "./options.ts";
import { candidatesWith } from "./registry.ts";
import { inTurn } from "./turns.ts";

/** `auto`, one of ours, or the name of a candidate of yours. */
export type BackendName =
  | "auto"
  | "cuda"
  | "tensorflow"
  | "webgpu"
  | "wasm"
  | "tfjs-wasm"
  | "cpu"
  | (string & {});

/** Options of `useBackend`. Threads and flags must be in range whichever backend is asked for. */
export interface UseBackendOptions extends BackendOptions {
  /** Backends of your own, for this call; they are tried before ours. */
  readonly candidates?: readonly BackendCandidate[] | undefined;
}

/** What `useBackend` selected, and how it came to it. `name` is the candidate's, such as `wasm`, not tfjs's. */
export interface BackendChoice {
  readonly name: string;
  /** One line: what was chosen, and why: the times that were compared, and what the others lack. */
  readonly description: string;
  /** Those that were tried, in order. */
  readonly tried: readonly BackendReport[];
  /** Milliseconds of a training step of a small network, by name; empty when nothing was compared. */
  readonly milliseconds: Readonly<Record<string, number>>;
}

/**
 * Imports, registers, tests and selects a tfjs backend. `auto` takes the fastest that passes a
 * self-test here, found by timing where there are several, and remembered for the machine; any other
 * name takes that one or fails. If it fails, what ran before runs on and is selected. A wasm backend that runs
 * with other options, or of which a thread stopped, gives way to a new one once that has passed the test; tensors
 * and networks go on there. Calls have their turns: one begins when those before it have ended, so the last one
 * decides what is selected.
 *
 * @throws BackendError when the name is unknown, an option is out of range or the backend does not
 * work here.
 */
export async function useBackend(
  name: BackendName = "auto",
  given: UseBackendOptions = {},
): Promise<BackendChoice> {
  assertNames("useBackend", given, optionNames);
  const { candidates: extra = [], ...options } = given;
  checkOptions(options);
  const candidates = candidatesWith(extra);
  return inTurn(() => choose(name, candidates, options));
}

const optionNames = {
  threads: true,
  fma: true,
  revec: true,
  assets: true,
  candidates: true,
} as const;

async function choose(
  name: BackendName,
  candidates: readonly BackendCandidate[],
  options: BackendOptions,
): Promise<BackendChoice> {
  const { chosen, tried, milliseconds } =
    name === "auto"
      ? await decide(candidates, options)
      : await takeNamed(name, candidates, options);
  if (chosen === undefined) {
    const reasons = tried.map((report) => `${report.name}: ${report.reason}`).join("; ");
    throw new BackendError(`backend: none works here. ${reasons}.`);
  }
  const rejected = tried.filter(({ available }) => !available);
  const why = [
    `${chosen.name} (${chosen.summary})`,
    ...comparison(milliseconds),
    ...rejected.map((other) => `not ${other.name}: ${other.reason}`),
  ];
  return { name: chosen.name, description: why.join("; "), tried, milliseconds };
}

/**
 * Tries every backend and leaves selected what `auto` chooses, if there is any.
 *
 * @throws BackendError when a candidate is none.
 */
export async function inspectBackends(
  options: Pick<UseBackendOptions, "candidates"> = {},
): Promise<BackendReport[]> {
  assertNames("inspectBackends", options, { candidates: true });
  const candidates = candidatesWith(options.candidates);
  return inTurn(async () => {
    const reports: BackendReport[] = [];
    for (const candidate of candidates) reports.push(await attempt(candidate, {}));
    await decide(candidates, {});
    return reports;
  });
}

async function takeNamed(
  name: string,
  candidates: readonly BackendCandidate[],
  options: BackendOptions,
): Promise<Decision> {
  const wanted = candidates.find((candidate) => candidate.name === name);
  if (!wanted) {
    const names = ["auto", ...candidates.map((candidate) => candidate.name)];
    throw new BackendError(
      `backend: ${show(name)} does not exist${didYouMean(name, names)} Choose one of ${names.join(", ")}.`,
    );
  }
  const report = await attempt(wanted, options);
  return { chosen: report.available ? report : undefined, tried: [report], milliseconds: {} };
}

/** `wasm 11.2 ms a step, tensorflow 19.0 ms, timed on this machine`, the fastest first. */
function comparison(milliseconds: Readonly<Record<string, number>>): string[] {
  const times = Object.entries(milliseconds).toSorted(([, a], [, b]) => a - b);
  if (times.length === 0) return [];
  const [first, ...others] = times.map(([name, time]) => `${name} ${time.toFixed(1)} ms`);
  return [`${[`${first} a step`, ...others].join(", ")}, timed on this machine`];
}
