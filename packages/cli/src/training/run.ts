import { onDetour } from "@bn-only/backend-wasm";
import { batchSource } from "@bn-only/datasets";
import { isOutOfMemory } from "@bn-only/frozen-layers";
import { DivergedError, type NamedCallback, train, type TrainingState } from "@bn-only/trainer";
import { trainTransforms } from "../data/augmentation.ts";
import { normalizationOption } from "../data/normalization.ts";
import { testSource } from "../data/load.ts";
import { describeError, IncompleteRunError } from "../errors.ts";
import { type Io, Interrupted } from "../io.ts";
import { writeJson } from "../progress/json.ts";
import type { Reporter } from "../progress/reporter.ts";
import { quote } from "../report/command-line.ts";
import type { ResultEvent } from "../result.ts";
import { removeCheckpoints } from "../run/checkpoint.ts";
import { runFiles } from "../run/files.ts";
import type { RunFolder } from "../run/folder.ts";
import { type Reserve, reserveSpace } from "../run/reserve.ts";
import { Checkpoints } from "./checkpoints.ts";
import { finishRun } from "./finish.ts";
import type { Plugins } from "../plugins/plugins.ts";
import { modelSpace } from "./model-space.ts";
import type { PreparedRun } from "./prepare.ts";
import { recipeOf } from "./recipe.ts";
import { printSummary } from "./summary.ts";

export interface RunContext {
  readonly folder: RunFolder;
  readonly plugins: Plugins;
  readonly prepared: PreparedRun;
  readonly reporter: Reporter;
  readonly io: Io;
  readonly json: boolean;
  /** Of all gammas before the first step. */
  readonly gammaBefore: Float32Array;
  /** Where the run goes on; undefined where it begins. */
  readonly resume: TrainingState | undefined;
}

/** Trains in a run folder, to its end or to an error that `run.json` tells of. */
export async function trainInFolder(context: RunContext): Promise<void> {
  const { folder, prepared, reporter, io, json } = context;
  const { options, network, splits } = prepared;
  // Written at once: a second Ctrl-C may leave no time for it.
  const recordAbort = (): void => recordFailure(folder, io.signal.reason, io);
  const unsubscribe = onDetour((kernel) => {
    if (io.env["BN_ONLY_DEBUG"]) {
      reporter.line(`wasm has no ${kernel} of its own: it runs through tfjs-backend-cpu`);
    }
  });
  const checkpoints = new Checkpoints(folder, options.checkpointEvery, context.resume?.step);
  let reserve: Reserve | undefined;
  try {
    io.signal.addEventListener("abort", recordAbort);
    io.signal.throwIfAborted();
    reserve = reserveSpace(folder.path, modelSpace(network, options.condition));
    const { epochs, batchSize } = options;
    const result = await train({
      network,
      data: {
        train: batchSource(splits.train, {
          ...trainTransforms(options, splits.train.shape),
          shuffle: true,
          seed: options.seed,
          ...normalizationOption(options.normalization),
        }),
        test: testSource(splits.test, options),
      },
      condition: options.condition,
      epochs,
      batchSize,
      ...recipeOf(options),
      callbacks: [follow({ reporter, folder, checkpoints }), ...checkpoints.callbacks],
      signal: io.signal,
      ...(context.resume && { resume: context.resume }),
    });
    reserve.release();
    const finished = await finishRun(result, context);
    removeCheckpoints(folder.out);
    reporter.close();
    if (json) writeJson(io, finished.event);
    else printSummary(io, finished, options);
    assertComplete(finished.event);
  } catch (error) {
    if (IncompleteRunError.isInstance(error)) throw error;
    reserve?.release();
    const described = withLastState(error, checkpoints);
    recordFailure(folder, described, io);
    if (io.signal.aborted) tellHowToGoOn(context, checkpoints);
    throw described;
  } finally {
    unsubscribe();
    io.signal.removeEventListener("abort", recordAbort);
  }
}

/** Shows every event and keeps the numbers. */
function follow({
  reporter,
  folder,
  checkpoints,
}: {
  readonly reporter: Reporter;
  readonly folder: RunFolder;
  readonly checkpoints: Checkpoints;
}): NamedCallback {
  return {
    name: "follow",
    looksAt: () => false,
    on(event) {
      if (event.event === "step") checkpoints.reached(event.step);
      if (event.event === "step" || event.event === "epoch") folder.append(event);
      reporter.training(event);
    },
  };
}

function assertComplete({ missing, out = "" }: ResultEvent): void {
  if (missing === undefined) return;
  const { record, report } = runFiles;
  const later = missing.includes(report) && !missing.includes(record);
  throw new IncompleteRunError(
    `the run has finished and its model is whole, but ${out} lacks ${missing.join(" and ")}, which could not be written.` +
      (later ? ` Free some space, then make the page: bn-only report ${quote(out)}` : ""),
  );
}

/** Whoever diverged, lost the GPU or ran out of memory in the middle wants to know from where he could go on. */
function withLastState(error: unknown, checkpoints: Checkpoints): unknown {
  const lost = error instanceof Error && error.name === "DeviceLostError";
  const full = checkpoints.begun && isOutOfMemory(error);
  if (lost || full || DivergedError.isInstance(error)) {
    error.message += ` ${checkpoints.lastGood()}`;
  }
  return error;
}

function tellHowToGoOn(context: RunContext, checkpoints: Checkpoints): void {
  const { folder, plugins, reporter, io, json } = context;
  const kept = checkpoints.exist();
  if (json) writeJson(io, { event: "interrupted", resume: kept ? folder.out : null });
  const named = plugins.modules.map((module) => ` --plugin ${quote(module)}`);
  const command = `bn-only resume ${quote(folder.out)}${named.join("")}`;
  reporter.line(checkpoints.howToGoOn(command));
}

/** Best effort: the error itself matters more than its record, on a full disk above all. */
function recordFailure(folder: RunFolder, error: unknown, io: Io): void {
  const aborted = error instanceof Interrupted || io.signal.aborted;
  const message = aborted ? "interrupted" : describeError(error);
  const failed = DivergedError.isInstance(error) ? "diverged" : "failed";
  try {
    folder.setStatus(aborted ? "aborted" : failed, { message });
  } catch {
    return;
  }
}
