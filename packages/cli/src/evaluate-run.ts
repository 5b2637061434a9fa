import { readFileSync } from "node:fs";
import { countScalars, type Network } from "@bn-only/frozen-layers";
import { createNetwork } from "@bn-only/resnet-zoo";
import {
  type Condition,
  conditions,
  conditionSelector,
  evaluate,
  type Model,
  ModelFileError,
  readModel,
  restoreModel,
  useBackend,
} from "@bn-only/trainer";
import type { EvaluateCommandOptions } from "./commands/evaluate.ts";
import { loadData, normalizations, type NormalizationName, testSource } from "./data.ts";
import { UsageError } from "./errors.ts";
import { bytes, count, percent } from "./format.ts";
import type { Io } from "./io.ts";
import { oneOf, wholeNumber } from "./options.ts";
import { writeJson } from "./progress/json.ts";
import { createReporter } from "./progress/reporter.ts";
import type { ResultEvent } from "./result.ts";

/** `bn-only evaluate`: the network of a model file, on the images it was tested with. */
export async function runEvaluation(
  file: string,
  options: EvaluateCommandOptions,
  io: Io,
): Promise<void> {
  const { contents, model } = openModel(file);
  const { architecture, seed, initialization, classes, notes } = model.metadata;
  const request = { ...dataOf(model, options.dataset), ...options };
  const reporter = createReporter(io, options);
  try {
    const backend = await useBackend(options.backend);
    reporter.line(`backend: ${backend.description}`);
    const { test } = await loadData({ ...request, signal: io.signal }, reporter);
    reporter.line(`${architecture}, seed ${seed}, ${count(test.labels.length)} test images`);

    const network = createNetwork(architecture, {
      seed,
      classes,
      inputShape: test.shape,
      ...initialization,
    });
    await withFileName(file, () => restoreModel(network, model));
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
    io.stdout.write(
      `test accuracy ${percent(accuracy)}, loss ${loss.toFixed(4)}, on ${request.dataset}, ` +
        `from a file of ${bytes(contents.length)}\n`,
    );
  } finally {
    reporter.close();
  }
}

function openModel(file: string): { contents: Uint8Array; model: Model } {
  let contents: Uint8Array;
  try {
    contents = readFileSync(file);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") {
      throw new UsageError(`there is no file ${file}. Name the model.safetensors of a run folder.`);
    }
    if (code === "EISDIR") {
      throw new UsageError(`${file} is a folder. Name the model.safetensors in it.`);
    }
    throw new UsageError(`${file} cannot be read: ${message}. Check the path.`);
  }
  try {
    return { contents, model: readModel(contents) };
  } catch (error) {
    throw withName(file, error);
  }
}

/** The data and the normalisation that a model was tested with, as `bn-only train` noted them. */
function dataOf(
  { metadata: { notes } }: Model,
  wanted: string | undefined,
): {
  dataset: string;
  seed: number;
  testSize?: number;
  normalization: NormalizationName;
} {
  const { dataset = "cifar10", dataSeed = "0", normalization = "imagenet" } = notes;
  const testSize = wanted === undefined || wanted === dataset ? notes["testSize"] : undefined;
  return {
    dataset,
    seed: wholeNumber("the model's dataSeed", 0)(dataSeed),
    ...(testSize !== undefined && { testSize: wholeNumber("the model's testSize", 1)(testSize) }),
    normalization: oneOf(
      "the model's normalization",
      Object.keys(normalizations) as NormalizationName[],
    )(normalization),
  };
}

/** Of the model's condition; without one, everything that the file holds. */
function countTrained(network: Network, { metadata, tensors }: Model): number {
  const condition = metadata.notes["condition"] as Condition;
  if (!conditions.includes(condition)) {
    return countScalars(network.parameters.filter(({ path }) => tensors.has(path)));
  }
  network.setTrainable(conditionSelector(condition));
  return countScalars(network.trainable);
}

async function withFileName(file: string, restore: () => Promise<void>): Promise<void> {
  try {
    await restore();
  } catch (error) {
    throw withName(file, error);
  }
}

/** The trainer reads bytes and does not know which file they came from. */
function withName(file: string, error: unknown): unknown {
  return error instanceof ModelFileError
    ? new ModelFileError(error.message.replace(/^model file/, file))
    : error;
}
