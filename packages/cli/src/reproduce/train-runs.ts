import { type Stats, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { makeFolder } from "@bn-only/files";
import { folderPath } from "../data/folder.ts";
import { describeError, UsageError } from "../errors.ts";
import { duration, percent, plural } from "../format.ts";
import type { Io } from "../io.ts";
import type { Reporter } from "../progress/reporter.ts";
import { runName } from "./condition-names.ts";
import { folderName, hashOf, type RunConfiguration } from "./configuration.ts";
import { configurationsOf, type FigureSpec } from "./figure-spec.ts";
import { opensModels } from "./figures/index.ts";
import { type Job, runJobs } from "./jobs.ts";
import { findRuns, readStoredRun, type StoredRun } from "./run-store.ts";

/** Seconds between lines about a run that goes on. */
const QUIET = 5;

export interface TrainContext {
  /** Where `runs/` is. */
  readonly out: string;
  /** Folders with runs that have finished elsewhere. */
  readonly elsewhere: readonly string[];
  readonly jobs: number;
  readonly io: Io;
  readonly reporter: Reporter;
}

export interface TrainedRuns {
  readonly runs: readonly StoredRun[];
  /** Why those are missing that did not finish. */
  readonly problems: readonly string[];
}

/**
 * The runs of a figure: those that are there, and those that have to be trained for it.
 *
 * @throws UsageError when a run that was there before is not whole, or a folder of runs is not there.
 */
export async function trainRuns(spec: FigureSpec, context: TrainContext): Promise<TrainedRuns> {
  const { out, elsewhere, jobs, io, reporter } = context;
  for (const folder of elsewhere) {
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) continue;
    throw new UsageError(`there is no folder ${folder}. Check --runs.`);
  }
  const own = join(out, "runs");
  const withModel = opensModels.has(spec.figure);
  const folders = new Map([...findRuns(elsewhere, { withModel }), ...findRuns([own])]);
  const wanted = new Map(configurationsOf(spec).map((one) => [hashOf(one), one]));
  const done = new Map<string, StoredRun>();
  const queue: Job[] = [];
  for (const [hash, configuration] of wanted) {
    const folder = folders.get(hash);
    if (folder !== undefined) done.set(hash, storedRun(folder, configuration));
    else queue.push({ configuration, folder: join(own, folderName(configuration)) });
  }
  reporter.line(`${spec.figure}: ${plural(wanted.size, "run")}, ${done.size} of them done`);
  if (queue.length > 0) makeFolder(own);

  const problems: string[] = [];
  let told = performance.now();
  await runJobs(queue, {
    jobs,
    io,
    onEpoch({ configuration }, { epoch, testAccuracy = 0 }) {
      if (performance.now() - told < 1000 * QUIET) return;
      told = performance.now();
      const progress = `epoch ${epoch + 1}/${configuration.epochs}, test ${percent(testAccuracy)}`;
      reporter.line(`  ${nameOf(configuration)}: ${progress}`);
    },
    onWait({ configuration }) {
      reporter.line(`  ${nameOf(configuration)}: another process trains it; waiting`);
    },
    onEnd({ configuration, folder }, problem) {
      if (io.signal.aborted) return;
      told = performance.now();
      const name = nameOf(configuration);
      try {
        if (problem !== undefined) throw new Error(problem);
        const stored = storedRun(folder, configuration);
        if (stored.hash !== hashOf(configuration)) {
          throw new Error(`${folder} holds a run of another configuration. Move it away.`);
        }
        done.set(stored.hash, stored);
        const { testAccuracy, seconds } = stored.run.result;
        const place = `${done.size}/${wanted.size}`;
        reporter.line(`${place} ${name}: ${percent(testAccuracy)} in ${duration(seconds)}`);
      } catch (error) {
        problems.push(`${name}: ${describeError(error)}`);
        reporter.warn(problems.at(-1)!);
      }
    },
  });
  const runs = [...wanted.keys()].flatMap((hash) => done.get(hash) ?? []);
  return { runs, problems };
}

/** @throws UsageError where the run is of another folder of images: of these a hash has the name alone. */
function storedRun(folder: string, { dataset }: RunConfiguration): StoredRun {
  const stored = readStoredRun(folder);
  const { configuration, run } = stored;
  const [theirs, ours] = [
    imageFolder(configuration.dataset, run.workingFolder),
    imageFolder(dataset),
  ];
  if (!theirs || !ours || (theirs.dev === ours.dev && theirs.ino === ours.ino)) return stored;
  throw new UsageError(
    `${folder} was trained on ${configuration.dataset}, and ${dataset} is another folder of that name. ` +
      "Give that one another name, or move the run away.",
  );
}

/** Undefined for other data sets, and for a folder that is not here, such as one of another machine. */
function imageFolder(dataset: string, workingFolder = "."): Stats | undefined {
  const path = folderPath(dataset);
  return path === undefined
    ? undefined
    : statSync(resolve(workingFolder, path), { throwIfNoEntry: false });
}

const nameOf = (configuration: RunConfiguration): string =>
  `${configuration.network}, ${runName(configuration)}, seed ${configuration.seed}`;
