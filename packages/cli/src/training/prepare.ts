import type { DatasetSplits } from "@bn-only/datasets";
import type { Network } from "@bn-only/frozen-layers";
import { createNetwork, describeNetwork } from "@bn-only/resnet-zoo";
import { type BackendChoice, resolveHyperparameters, useBackend } from "@bn-only/trainer";
import { backendOptions, checkBackendName } from "../backend.ts";
import { checkDatasetName, loadData } from "../data/load.ts";
import { formatShape } from "../data/shape.ts";
import { count } from "../format.ts";
import type { Plugins } from "../plugins/plugins.ts";
import type { Reporter } from "../progress/reporter.ts";
import type { TrainingOptions } from "./options.ts";

/** All that a run needs before it may leave a trace on disk. */
export interface PreparedRun {
  readonly backend: BackendChoice;
  readonly splits: DatasetSplits;
  readonly network: Network;
}

export interface PrepareContext {
  readonly plugins: Plugins;
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
}

/**
 * Checks the names, then starts the backend, loads the data and draws the network.
 *
 * @throws UsageError and the libraries' errors; nothing is written but the data's cache.
 */
export async function prepareRun(
  name: string,
  options: TrainingOptions,
  { plugins, reporter, signal }: PrepareContext,
): Promise<PreparedRun> {
  const { architectures } = plugins;
  checkDatasetName(options.dataset);
  const backendName = checkBackendName(options.backend);
  const { epochs, batchSize, learningRate, momentum, weightDecay } = options;
  resolveHyperparameters({ epochs, batchSize, learningRate, momentum, weightDecay });
  const own = describeNetwork(name, { architectures, ...shapeOf(options) });
  const backend = await useBackend(backendName, backendOptions(options));
  reporter.line(`backend: ${backend.description}`);
  const splits = await loadData({ ...options, network: own, signal }, reporter);
  const network = createNetwork(name, {
    architectures,
    seed: options.seed,
    classes: splits.train.classes.length,
    inputShape: splits.train.shape,
    weights: options.weightInit,
    batchNorm: options.batchNormInit,
    checkpointedStages: options.checkpointedStages,
  });
  reporter.line(
    `${name} for ${formatShape(network.inputShape)} and ${network.classes} classes, ` +
      `condition ${options.condition}, seed ${options.seed}, ${count(splits.train.labels.length)} training images`,
  );
  return { backend, splits, network };
}

function shapeOf({ inputShape, classes }: TrainingOptions) {
  return { ...(inputShape && { inputShape }), ...(classes !== undefined && { classes }) };
}
