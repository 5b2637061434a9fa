import type { AnyImageDataset, DatasetSplits } from "@bn-only/datasets";
import type { Network } from "@bn-only/frozen-layers";
import { createNetwork, describeNetwork } from "@bn-only/resnet-zoo";
import {
  assertSavable,
  type BackendChoice,
  conditionSelection,
  useBackend,
} from "@bn-only/trainer";
import { backendOptions, checkBackendName } from "../backend.ts";
import { recipeOf } from "./recipe.ts";
import { checkDatasetName, loadData } from "../data/load.ts";
import { withMeasured } from "../data/measured.ts";
import { ownNormalization } from "../data/normalization.ts";
import { imageSize } from "../data/shape.ts";
import { count } from "../format.ts";
import type { Plugins } from "../plugins/plugins.ts";
import type { Reporter } from "../progress/reporter.ts";
import type { ResolvedOptions, TrainingOptions } from "./options.ts";

/** All that a run needs before it may leave a trace on disk. */
export interface PreparedRun {
  /** The options, with what the machine and the data decided. */
  readonly options: ResolvedOptions;
  readonly backend: BackendChoice;
  readonly splits: DatasetSplits<AnyImageDataset>;
  readonly network: Network;
}

export interface PrepareContext {
  readonly plugins: Plugins;
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
  /** Where relative paths of the options begin. Default: the process's own. */
  readonly workingFolder?: string;
}

/**
 * Checks the names, then starts the backend, loads the data and draws the network.
 *
 * @throws UsageError and the libraries' errors; nothing is written but the data's cache.
 */
export async function prepareRun(
  name: string,
  options: TrainingOptions,
  { plugins, reporter, signal, workingFolder }: PrepareContext,
): Promise<PreparedRun> {
  const { architectures } = plugins;
  checkDatasetName(options.dataset, plugins);
  const backendName = checkBackendName(options.backend, plugins);
  recipeOf(options);
  const own = describeNetwork(name, { architectures, ...shapeOf(options) });
  const backend = await useBackend(backendName, backendOptions(options, plugins));
  reporter.line(`backend: ${backend.description}`);
  const loaded = await loadData(
    { ...options, plugins, network: own, signal, workingFolder },
    reporter,
  );
  const splits = await withMeasured(loaded, options.normalization);
  const network = createNetwork(name, {
    architectures,
    seed: options.seed,
    classes: splits.train.classes.length,
    inputShape: splits.train.shape,
    weights: options.weightInit,
    batchNorm: options.batchNormInit,
    checkpointedStages: options.checkpointedStages,
  });
  // A network that no model file can hold, and a condition that selects nothing of it, are found out before a folder is made.
  assertSavable(network);
  network.setTrainable(conditionSelection(options.condition, network));
  reporter.line(
    `${name} for ${imageSize(network.inputShape)} and ${network.classes} classes, ` +
      `condition ${options.condition}, seed ${options.seed}, ${count(splits.train.labels.length)} training images`,
  );
  const normalization = options.normalization ?? ownNormalization(splits.train);
  const resolved = { ...options, backend: backend.name, normalization };
  return { options: resolved, backend, splits, network };
}

function shapeOf({ inputShape, classes }: TrainingOptions) {
  return { ...(inputShape && { inputShape }), ...(classes !== undefined && { classes }) };
}
