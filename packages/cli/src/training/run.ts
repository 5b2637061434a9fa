import { onDetour } from "@bn-only/backend-wasm";
import { batchSource } from "@bn-only/datasets";
import { checkpoint, train, type TrainEvent, type TrainingState } from "@bn-only/trainer";
import { normalizationOption } from "../data/normalization.ts";
import { testSource } from "../data/load.ts";
import { describeError } from "../errors.ts";
import { type Io, Interrupted } from "../io.ts";
import { writeJson } from "../progress/json.ts";
import type { Reporter } from "../progress/reporter.ts";
import { quote } from "../report/command-line.ts";
import { hasCheckpoint, removeCheckpoints, writeCheckpoint } from "../run/checkpoint.ts";
import { runFiles } from "../run/files.ts";
import type { RunFolder } from "../run/folder.ts";
import { syncFile } from "../run/write.ts";
import { finishRun } from "./finish.ts";
import type { Plugins } from "../plugins/plugins.ts";
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
  try {
    io.signal.addEventListener("abort", recordAbort);
    io.signal.throwIfAborted();
    const { epochs, batchSize, checkpointEvery } = options;
    const save = (bytes: Uint8Array): void => {
      // A state must never know more steps than the metrics do.
      syncFile(folder.file(runFiles.metrics));
      writeCheckpoint(folder.path, bytes);
    };
    const checkpoints =
      checkpointEvery === "none" ? [] : [checkpoint({ every: checkpointEvery, save })];
    const result = await train({
      network,
      data: {
        train: batchSource(splits.train, {
          augment: options.augment,
          shuffle: true,
          seed: options.seed,
          ...normalizationOption(options.normalization),
        }),
        test: testSource(splits.test, options.normalization),
      },
      condition: options.condition,
      epochs,
      batchSize,
      ...recipeOf(options),
      callbacks: [follow(reporter, folder), ...checkpoints],
      signal: io.signal,
      ...(context.resume && { resume: context.resume }),
    });
    const finished = await finishRun(result, context);
    removeCheckpoints(folder.path);
    reporter.close();
    if (json) writeJson(io, finished.event);
    else printSummary(io, finished, options);
  } catch (error) {
    recordFailure(folder, error, io);
    if (io.signal.aborted && hasCheckpoint(folder.path)) {
      if (json) writeJson(io, { event: "interrupted", resume: folder.path });
      const plugins = context.plugins.modules.map((module) => ` --plugin ${quote(module)}`);
      reporter.line(`to go on: bn-only resume ${quote(folder.path)}${plugins.join("")}`);
    }
    throw error;
  } finally {
    unsubscribe();
    io.signal.removeEventListener("abort", recordAbort);
  }
}

/** Shows every event and keeps the numbers. */
function follow(reporter: Reporter, folder: RunFolder): (event: TrainEvent) => void {
  return (event) => {
    if (event.event === "step" || event.event === "epoch") folder.append(event);
    reporter.training(event);
  };
}

/** Best effort: the error itself matters more than its record, on a full disk above all. */
function recordFailure(folder: RunFolder, error: unknown, io: Io): void {
  const aborted = error instanceof Interrupted || io.signal.aborted;
  const message = aborted ? "interrupted" : describeError(error);
  try {
    folder.setStatus(aborted ? "aborted" : "failed", { message });
  } catch {
    return;
  }
}
