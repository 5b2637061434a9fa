import { useBackend } from "@bn-only/trainer";
import { backendOptions } from "../../backend.ts";
import { FigureError, UsageError } from "../../errors.ts";
import type { Io } from "../../io.ts";
import { noPlugins } from "../../plugins/plugins.ts";
import { print } from "../../print.ts";
import { writeJson } from "../../progress/json.ts";
import { createReporter, type Reporter } from "../../progress/reporter.ts";
import { checkImages, checkRuns } from "../../reproduce/check-runs.ts";
import type { FigureName, FigureSpec } from "../../reproduce/figure-spec.ts";
import { figures } from "../../reproduce/figures/index.ts";
import { openRun } from "../../reproduce/open-run.ts";
import { dataNote } from "../../reproduce/protocol-text.ts";
import type { StoredRun } from "../../reproduce/run-store.ts";
import { type ScaleName, specOf } from "../../reproduce/scales.ts";
import { readSpec } from "../../reproduce/spec-file.ts";
import { type TrainedRuns, trainRuns } from "../../reproduce/train-runs.ts";
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
  /** Names of the options that were given by hand. */
  readonly byHand: ReadonlySet<string>;
}

/** `bn-only reproduce`: the runs of a figure that are not there yet, then the figure. */
export async function runReproduce(
  figure: FigureName | undefined,
  options: ReproduceCommandOptions,
  io: Io,
): Promise<void> {
  const { out, jobs, json, runs: elsewhere = [] } = options;
  const given = await specFor(figure, options);
  const reporter = createReporter(io, options);
  try {
    checkRuns(given);
    const spec = await withBackend(given, reporter);
    await checkImages(spec, { io, reporter });
    const trained = await trainRuns(spec, { out, elsewhere, jobs, io, reporter });
    const { runs, problems } = trained;
    if (runs.length === 0) {
      throw new FigureError(`no run of ${spec.figure} has finished: ${problems[0]}`);
    }
    const draw = figures[spec.figure];
    const open = (run: StoredRun) => openRun(run, { io, reporter });
    const drawn = await draw({ spec, runs, open, signal: io.signal });
    const notes = [...drawn.notes, ...dataNote(spec.protocol)];
    const written = await writeFigure(out, { spec, runs, figure: { ...drawn, notes } });
    reporter.close();
    const lines = Object.entries(written).map(([name, value]) => `${name.padEnd(8)}${value}`);
    if (!json) print(io, [...notes, "", ...lines].join("\n"));
    assertWhole(spec, trained, written.result, options);
    // The last line: of a figure that is not as it should be, there is an error there.
    if (json) writeJson(io, { event: "result", ...written });
  } finally {
    reporter.close();
  }
}

/** What `auto` takes here, once for all runs: a run is known by the name of its backend. */
async function withBackend(spec: FigureSpec, reporter: Reporter): Promise<FigureSpec> {
  const { protocol } = spec;
  if (protocol.backend !== "auto") return spec;
  const { name, description } = await useBackend("auto", backendOptions(protocol, noPlugins));
  reporter.line(`backend: ${description}`);
  return { ...spec, protocol: { ...protocol, backend: name } };
}

/** @throws UsageError for options that contradict each other, or do not say enough. */
async function specFor(
  figure: FigureName | undefined,
  options: ReproduceCommandOptions,
): Promise<FigureSpec> {
  const { images, scale, byHand } = options;
  if (options.spec !== undefined) {
    const pinned = ["scale", "seeds", "images", "backend"].find((name) => byHand.has(name));
    if (pinned === undefined) return readSpec(options.spec, figure);
    throw new UsageError(`--${pinned} is what --spec says. Leave one of them out.`);
  }
  if (figure === undefined) {
    throw new UsageError("which figure? Name one, or give --spec. See --help.");
  }
  if (figure !== "imagenet" && images !== undefined) {
    throw new UsageError(`--images is of imagenet, ${figure} has its own. Leave it out.`);
  }
  if (figure === "imagenet" && images === undefined && scale !== "tiny") {
    throw new UsageError(
      `--scale ${scale} of imagenet needs ImageNet: --images <folder> with train/ and val/, a folder for each class in both.`,
    );
  }
  return specOf(figure, options);
}

/** @throws FigureError for a figure without all its runs, or with another result than its spec says. */
function assertWhole(
  spec: FigureSpec,
  { runs, problems }: TrainedRuns,
  result: string,
  options: ReproduceCommandOptions,
): void {
  if (problems.length > 0) {
    const all = runs.length + problems.length;
    throw new FigureError(
      `the figure lacks ${problems.length} of ${all} runs, which the same command tries again. The first: ${problems[0]}`,
    );
  }
  if (spec.result !== undefined && spec.result !== result) {
    throw new FigureError(
      `the result is ${result}, not ${spec.result} as in ${options.spec}: models or accuracies differ. Compare the lists of runs.`,
    );
  }
}
