import { cpus } from "node:os";
import { batchSource, subset } from "@bn-only/datasets";
import { createNetwork, describeNetwork } from "@bn-only/resnet-zoo";
import {
  disabledShare,
  evaluate,
  gammaValues,
  resolveHyperparameters,
  saveModel,
  train,
  type TrainEvent,
  useBackend,
} from "@bn-only/trainer";
import { version_core as tfjsVersion } from "@tensorflow/tfjs-core";
import type { TrainCommandOptions } from "./commands/train.ts";
import { loadData, normalizations, testSource } from "./data.ts";
import { describeError } from "./errors.ts";
import { count } from "./format.ts";
import { type Io, Interrupted } from "./io.ts";
import { createReporter, type Reporter } from "./progress/reporter.ts";
import { writeJson } from "./progress/json.ts";
import { renderReport } from "./report/report.ts";
import type { ResultEvent } from "./result.ts";
import { RunFolder } from "./run-folder.ts";
import { printSummary } from "./summary.ts";
import { version } from "./version.ts";

/** Images that the report shows with their predictions. */
const SHOWN_IMAGES = 40;

/** `bn-only train`: data, network, training, model file, report. */
export async function runTraining(
  name: string,
  options: TrainCommandOptions,
  io: Io,
): Promise<void> {
  const description = describeNetwork(name);
  const hyperparameters = resolveHyperparameters({
    epochs: options.epochs,
    batchSize: options.batchSize,
    learningRate: options.learningRate,
    momentum: options.momentum,
    weightDecay: options.weightDecay,
  });
  const reporter = createReporter(io, options);
  let folder: RunFolder | undefined;
  // Written at once: a second Ctrl-C may leave no time for it.
  const recordAbort = (): void => recordFailure(folder, io.signal.reason, io);
  try {
    const backend = await useBackend(options.backend);
    reporter.line(`backend: ${backend.description}`);
    folder = createFolder(name, { ...options, backend: backend.name });
    io.signal.addEventListener("abort", recordAbort);
    const splits = await loadData({ ...options, signal: io.signal }, reporter);
    reporter.line(
      `${name}, condition ${options.condition}, seed ${options.seed}, ` +
        `${count(splits.train.labels.length)} training images, run folder ${folder.path}`,
    );

    const network = createNetwork(name, {
      seed: options.seed,
      classes: splits.train.classes.length,
      inputShape: splits.train.shape,
      weights: options.weightInit,
      batchNorm: options.batchNormInit,
      checkpointedStages: options.checkpointedStages,
    });
    const gammaBefore = await gammaValues(network);
    const test = testSource(splits.test, options.normalization);
    const result = await train({
      network,
      data: {
        train: batchSource(splits.train, {
          augment: options.augment,
          shuffle: true,
          seed: options.seed,
          normalization: normalizations[options.normalization],
        }),
        test,
      },
      condition: options.condition,
      hyperparameters,
      callbacks: [follow(reporter, folder)],
      signal: io.signal,
    });

    const model = await saveModel(network, {
      condition: options.condition,
      dataset: options.dataset,
      dataSeed: String(options.seed),
      normalization: options.normalization,
      classNames: JSON.stringify(splits.train.classes),
      testSize: String(splits.test.labels.length),
      testAccuracy: String(result.testAccuracy),
      testLoss: String(result.testLoss),
    });
    folder.write("model.safetensors", model);
    const gammaAfter = await gammaValues(network);
    const event: ResultEvent = {
      event: "result",
      testAccuracy: result.testAccuracy!,
      testLoss: result.testLoss!,
      trainableParameters: result.trainableParameters,
      totalParameters: result.totalParameters,
      modelBytes: model.length,
      seconds: result.seconds,
      imagesPerSecond: result.imagesPerSecond,
      backend: backend.name,
      seed: options.seed,
      network: name,
      condition: options.condition,
      out: folder.path,
    };
    if (options.report) {
      const shown = subset(splits.test, Math.min(SHOWN_IMAGES, splits.test.labels.length));
      const { predictions } = await evaluate(network, testSource(shown, options.normalization));
      const page = renderReport({
        options,
        description,
        result: event,
        history: result.history,
        gammaBefore,
        gammaAfter,
        trainImages: splits.train.labels.length,
        shown,
        predictions,
      });
      folder.write("report.html", page);
    }
    folder.setStatus("finished", { result: event });
    reporter.close();
    if (options.json) writeJson(io, event);
    else printSummary(io, event, { options, description, disabled: disabledShare(gammaAfter) });
  } catch (error) {
    recordFailure(folder, error, io);
    throw error;
  } finally {
    io.signal.removeEventListener("abort", recordAbort);
    reporter.close();
  }
}

function createFolder(network: string, options: TrainCommandOptions): RunFolder {
  const started = new Date();
  const time = started.toISOString().slice(0, 19).replaceAll(":", "");
  const path = options.out ?? `runs/${network}-${options.condition}-seed${options.seed}-${time}`;
  return new RunFolder(path, {
    network,
    options,
    started: started.toISOString(),
    versions: { bnOnly: version, tfjs: tfjsVersion, node: process.versions.node },
    machine: {
      cpu: cpus()[0]?.model ?? "unknown",
      cores: cpus().length,
      platform: process.platform,
    },
  });
}

/** Shows every event and keeps the numbers. */
function follow(reporter: Reporter, folder: RunFolder): (event: TrainEvent) => void {
  return (event) => {
    if (event.event !== "start") folder.append(event);
    reporter.training(event);
  };
}

/** Best effort: the error itself matters more than its record, on a full disk above all. */
function recordFailure(folder: RunFolder | undefined, error: unknown, io: Io): void {
  const aborted = error instanceof Interrupted || io.signal.aborted;
  const message = aborted ? "interrupted" : describeError(error);
  try {
    folder?.setStatus(aborted ? "aborted" : "failed", { message });
  } catch {
    return;
  }
}
