import { join } from "node:path";
import { makeFolder } from "@bn-only/files";
import { FigureError, UsageError } from "../../errors.ts";
import { duration, percent } from "../../format.ts";
import type { Io } from "../../io.ts";
import { print } from "../../print.ts";
import { writeJson } from "../../progress/json.ts";
import { createReporter, type Reporter } from "../../progress/reporter.ts";
import { checkImages, checkRuns } from "../../reproduce/check-runs.ts";
import { conditionName } from "../../reproduce/condition-names.ts";
import { folderName, hashOf, type RunConfiguration } from "../../reproduce/configuration.ts";
import { configurationsOf, type FigureName, type FigureSpec } from "../../reproduce/figure-spec.ts";
import { figures, opensModels } from "../../reproduce/figures/index.ts";
import { type Job, runJobs } from "../../reproduce/jobs.ts";
import { openRun } from "../../reproduce/open-run.ts";
import { findRuns, readStoredRun, type StoredRun } from "../../reproduce/run-store.ts";
import { dataNote } from "../../reproduce/protocol-text.ts";
import { type ScaleName, specOf } from "../../reproduce/scales.ts";
import { readSpec } from "../../reproduce/spec-file.ts";
import { writeFigure } from "../../reproduce/write-figure.ts";

export interface ReproduceCommandOptions {
  readonly scale: ScaleName;
  readonly seeds?: number;
  readonly jobs: number;
  readonly out: string;
  readonly runs?: readonly string[];
  readonly spec?: string;
  readonly images?: string;
  readonly backend?: string;
  readonly json?: boolean;
}

/** `bn-only reproduce`: the runs of a figure that are not there yet, then the figure. */
export async function runReproduce(
  figure: FigureName | undefined,
  options: ReproduceCommandOptions,
  io: Io,
): Promise<void> {
  const spec = await specFor(figure, options);
  const reporter = createReporter(io, options);
  try {
    checkRuns(spec);
    await checkImages(spec, { io, reporter });
    const { runs, problems } = await trainMissing(spec, { options, io, reporter });
    if (runs.length === 0)
      throw new FigureError(`no run of ${spec.figure} has finished: ${problems[0]}`);
    const own = await figures[spec.figure]({
      spec,
      runs,
      open: (run) => openRun(run, { io, reporter }),
    });
    const drawn = { ...own, notes: [...own.notes, ...dataNote(spec.protocol)] };
    const written = await writeFigure(options.out, { spec, runs, figure: drawn });
    reporter.close();
    if (options.json) writeJson(io, { event: "result", ...written });
    else
      print(
        io,
        [
          ...drawn.notes,
          "",
          ...Object.entries(written).map(([name, value]) => `${name.padEnd(8)}${value}`),
        ].join("\n"),
      );
    if (problems.length > 0) {
      const all = runs.length + problems.length;
      throw new FigureError(
        `the figure lacks ${problems.length} of ${all} runs, which the same command tries again. The first: ${problems[0]}`,
      );
    }
    if (spec.result !== undefined && spec.result !== written.result) {
      throw new FigureError(
        `the result is ${written.result}, not ${spec.result} as in ${options.spec}: models or accuracies differ. Compare the lists of runs.`,
      );
    }
  } finally {
    reporter.close();
  }
}

async function specFor(
  figure: FigureName | undefined,
  options: ReproduceCommandOptions,
): Promise<FigureSpec> {
  if (options.spec !== undefined) return readSpec(options.spec, figure);
  if (figure === undefined)
    throw new UsageError("which figure? Name one, or give --spec. See --help.");
  const { images, scale } = options;
  if (figure === "imagenet" && images === undefined && scale !== "tiny") {
    throw new UsageError(
      `--scale ${scale} of imagenet needs ImageNet: --images <folder> with train/ and val/, a folder for each class in both.`,
    );
  }
  return specOf(figure, options);
}

interface Context {
  readonly options: ReproduceCommandOptions;
  readonly io: Io;
  readonly reporter: Reporter;
}

async function trainMissing(spec: FigureSpec, { options, io, reporter }: Context) {
  const { out, jobs, runs: elsewhere = [] } = options;
  const own = join(out, "runs");
  const withModel = opensModels.has(spec.figure);
  const found = new Map([...findRuns(elsewhere, { withModel }), ...findRuns([own])]);
  const wanted = unique(configurationsOf(spec));
  const queue = wanted
    .filter((configuration) => !found.has(hashOf(configuration)))
    .map((configuration): Job => ({ configuration, folder: join(own, folderName(configuration)) }));
  reporter.line(
    `${spec.figure}: ${wanted.length} runs, ${wanted.length - queue.length} of them done`,
  );
  if (queue.length > 0) makeFolder(own);
  const problems: string[] = [];
  let done = wanted.length - queue.length;
  let told = performance.now();
  await runJobs(queue, {
    jobs,
    io,
    onEpoch({ configuration }, { epoch, testAccuracy = 0 }) {
      if (performance.now() - told < 5000) return;
      told = performance.now();
      reporter.line(
        `  ${nameOf(configuration)}: epoch ${epoch + 1}/${configuration.epochs}, test ${percent(testAccuracy)}`,
      );
    },
    onEnd({ configuration, folder }, problem) {
      if (io.signal.aborted) return;
      told = performance.now();
      if (problem !== undefined) {
        problems.push(`${nameOf(configuration)}: ${problem}`);
        return reporter.warn(`${nameOf(configuration)}: ${problem}`);
      }
      done += 1;
      found.set(hashOf(configuration), folder);
      const { result } = readStoredRun(folder).run;
      reporter.line(
        `${done}/${wanted.length} ${nameOf(configuration)}: ${percent(result.testAccuracy)} in ${duration(result.seconds)}`,
      );
    },
  });
  const runs = wanted.flatMap((configuration): StoredRun[] => {
    const folder = found.get(hashOf(configuration));
    return folder === undefined ? [] : [readStoredRun(folder)];
  });
  return { runs, problems };
}

const nameOf = ({ network, condition, seed }: RunConfiguration): string =>
  `${network}, ${conditionName(condition)}, seed ${seed}`;

function unique(configurations: readonly RunConfiguration[]): RunConfiguration[] {
  return [...new Map(configurations.map((one) => [hashOf(one), one])).values()];
}
