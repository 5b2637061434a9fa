import { batchSource } from "@bn-only/datasets";
import { gammaValues, train, type TrainEvent } from "@bn-only/trainer";
import { normalizations } from "../data/normalization.ts";
import { testSource } from "../data/load.ts";
import { describeError } from "../errors.ts";
import { type Io, Interrupted } from "../io.ts";
import { writeJson } from "../progress/json.ts";
import type { Reporter } from "../progress/reporter.ts";
import type { RunFolder } from "../run/folder.ts";
import { finishRun } from "./finish.ts";
import type { TrainingOptions } from "./options.ts";
import type { Plugins } from "../plugins/plugins.ts";
import type { PreparedRun } from "./prepare.ts";
import { printSummary } from "./summary.ts";

export interface RunContext {
  readonly folder: RunFolder;
  readonly options: TrainingOptions;
  readonly plugins: Plugins;
  readonly prepared: PreparedRun;
  readonly reporter: Reporter;
  readonly io: Io;
  readonly json: boolean;
}

/** Trains in a run folder, to its end or to an error that `run.json` tells of. */
export async function trainInFolder(context: RunContext): Promise<void> {
  const { folder, options, prepared, reporter, io, json } = context;
  const { network, splits } = prepared;
  // Written at once: a second Ctrl-C may leave no time for it.
  const recordAbort = (): void => recordFailure(folder, io.signal.reason, io);
  try {
    io.signal.addEventListener("abort", recordAbort);
    io.signal.throwIfAborted();
    const gammaBefore = await gammaValues(network);
    const { epochs, batchSize, learningRate, momentum, weightDecay } = options;
    const result = await train({
      network,
      data: {
        train: batchSource(splits.train, {
          augment: options.augment,
          shuffle: true,
          seed: options.seed,
          normalization: normalizations[options.normalization],
        }),
        test: testSource(splits.test, options.normalization),
      },
      condition: options.condition,
      hyperparameters: { epochs, batchSize, learningRate, momentum, weightDecay },
      callbacks: [follow(reporter, folder)],
      signal: io.signal,
    });
    const finished = await finishRun(result, { ...context, gammaBefore });
    reporter.close();
    if (json) writeJson(io, finished.event);
    else printSummary(io, finished, options);
  } catch (error) {
    recordFailure(folder, error, io);
    throw error;
  } finally {
    io.signal.removeEventListener("abort", recordAbort);
  }
}

/** Shows every event and keeps the numbers. */
function follow(reporter: Reporter, folder: RunFolder): (event: TrainEvent) => void {
  return (event) => {
    if (event.event !== "start") folder.append(event);
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
