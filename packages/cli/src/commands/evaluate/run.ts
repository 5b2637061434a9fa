import type { AnyImageDataset } from "@bn-only/datasets";
import { countScalars, countTrainable, type Network } from "@bn-only/frozen-layers";
import { defineNetwork } from "@bn-only/resnet-zoo";
import {
  checkModel,
  conditionSelection,
  isCondition,
  evaluate,
  type Model,
  ModelFileError,
  rebuildModel,
  useBackend,
} from "@bn-only/trainer";
import { backendOptions, checkBackendName } from "../../backend.ts";
import { checkDatasetName, loadData, testSource } from "../../data/load.ts";
import { UsageError } from "../../errors.ts";
import { bytes, count, percent, plural } from "../../format.ts";
import type { Io } from "../../io.ts";
import { loadPlugins } from "../../plugins/load.ts";
import { writeJson } from "../../progress/json.ts";
import { createReporter } from "../../progress/reporter.ts";
import type { ResultEvent } from "../../result.ts";
import { assertPluginConsent } from "../shared/plugin-consent.ts";
import { assertFewImages, dataOf, pluginsOf } from "./notes.ts";
import { naming, openModel, withName } from "./open-model.ts";
import type { EvaluateCommandOptions } from "./options.ts";
import { print } from "../../print.ts";

/** `bn-only evaluate`: the network of a model file, on the images it was tested with. */
export async function runEvaluation(
  file: string,
  options: EvaluateCommandOptions,
  io: Io,
): Promise<void> {
  const { contents, model } = await openModel(file);
  const { architecture, seed, classes, inputShape: trainedShape, notes } = model.metadata;
  assertPluginConsent(`${file} was trained with`, pluginsOf(model), options.plugin);
  const plugins = await loadPlugins(options.plugin);
  const { architectures } = plugins;
  const request = { ...dataOf(model, options), ...options };
  checkDatasetName(request.dataset, plugins);
  const backendName = checkBackendName(options.backend, plugins);
  const define = (inputShape = trainedShape) =>
    defineNetwork(architecture, { architectures, classes, ...(inputShape && { inputShape }) });
  const own = define();
  naming(file, () => checkModel(model, own));
  assertFewImages(request.dataset, request.testSize, request.inputShape ?? own.inputShape);
  const reporter = createReporter(io, options);
  try {
    const backend = await useBackend(backendName, backendOptions(options, plugins));
    reporter.line(`backend: ${backend.description}`);
    for (const warning of model.warnings) reporter.line(`${file}: ${warning}`);
    const { test } = await loadData(
      { ...request, plugins, network: own, signal: io.signal },
      reporter,
    );
    assertChannels(file, own.inputShape, test);
    reporter.line(`${architecture}, seed ${seed}, ${count(test.labels.length)} test images`);

    const network = await rebuildModel(model, define(test.shape)).catch((error: unknown) => {
      throw withName(file, error);
    });
    const begin = performance.now();
    const source = testSource(test, request.normalization);
    const { accuracy, loss } = await evaluate(network, source, { signal: io.signal });
    const seconds = (performance.now() - begin) / 1000;
    if (!Number.isFinite(loss)) {
      throw new ModelFileError(`${file}: the network's loss is ${loss}. Copy or train it again.`);
    }
    const result: ResultEvent = {
      event: "result",
      testAccuracy: accuracy,
      testLoss: loss,
      trainableParameters: countTrained(network, model),
      totalParameters: countScalars(network.parameters),
      modelBytes: contents.length,
      seconds,
      imagesPerSecond: test.labels.length / seconds,
      backend: backend.name,
      seed,
      network: architecture,
      condition: notes["condition"] ?? "unknown",
    };
    reporter.close();
    if (options.json) return writeJson(io, result);
    print(
      io,
      `test accuracy ${percent(accuracy)}, loss ${loss.toFixed(4)}, on ${request.dataset}, ` +
        `from a file of ${bytes(contents.length)}`,
    );
  } finally {
    reporter.close();
  }
}

/** A network convolves images of any size, but its first kernel has the channels that it was drawn for. */
function assertChannels(
  file: string,
  inputShape: readonly number[],
  { name, shape }: Pick<AnyImageDataset, "name" | "shape">,
): void {
  if (shape[2] === inputShape[2]) return;
  throw new UsageError(
    `${file} is of a network for images of ${plural(inputShape[2]!, "channel")}, those of ${name} have ${shape[2]}. ` +
      `Choose other data with --dataset.`,
  );
}

/** Of the model's condition; without one, everything that the file holds. */
function countTrained(network: Network, { metadata, tensors }: Model): number {
  const condition = metadata.notes["condition"] ?? "";
  if (!isCondition(condition)) {
    return countScalars(network.parameters.filter(({ path }) => tensors.has(path)));
  }
  network.setTrainable(conditionSelection(condition, network));
  return countTrainable(network.trainable);
}
