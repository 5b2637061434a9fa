import { countScalars, countTrainable, type Network } from "@bn-only/frozen-layers";
import { conditionSelection, isCondition, evaluate, useBackend } from "@bn-only/trainer";
import { backendOptions, checkBackendName } from "../../backend.ts";
import { bytes, count, percent } from "../../format.ts";
import type { Io } from "../../io.ts";
import { writeJson } from "../../progress/json.ts";
import { createReporter } from "../../progress/reporter.ts";
import type { ResultEvent } from "../../result.ts";
import { print } from "../../print.ts";
import { withLossOf } from "./open-model.ts";
import { type OpenedNetwork, openNetwork } from "./open-network.ts";
import type { EvaluateCommandOptions } from "./options.ts";
import { loadTestData, testRequest } from "./test-data.ts";

/** Of a network that no seed gives, the seed of those it was made of, if that is known. */
type EvaluationResult = Omit<ResultEvent, "seed"> & { readonly seed?: number };

/** `bn-only evaluate`: the network of a model file, on the images it was tested with. */
export async function runEvaluation(
  file: string,
  options: EvaluateCommandOptions,
  io: Io,
): Promise<void> {
  const opened = await openNetwork(file, options.plugin);
  const { architecture, notes } = opened;
  const noted = /^\d+$/.test(notes["seed"] ?? "") ? Number(notes["seed"]) : undefined;
  const seed = opened.seed ?? noted;
  const request = testRequest(opened, options);
  const backendName = checkBackendName(options.backend, opened.plugins);
  const reporter = createReporter(io, options);
  try {
    const backend = await useBackend(backendName, backendOptions(options, opened.plugins));
    reporter.line(`backend: ${backend.description}`);
    for (const warning of opened.warnings) reporter.line(`${file}: ${warning}`);
    const { images, source } = await loadTestData(request, opened, { io, reporter });
    const size = images.labels.length;
    reporter.line(`${architecture}, ${originOf(opened)}, ${count(size)} test images`);

    const network = await opened.rebuild(images.shape);
    const begin = performance.now();
    const { accuracy, loss } = await evaluate(network, source, { signal: io.signal }).catch(
      (error: unknown) => {
        throw withLossOf(file, error);
      },
    );
    const seconds = (performance.now() - begin) / 1000;
    const result: EvaluationResult = {
      event: "result",
      testAccuracy: accuracy,
      testLoss: loss,
      trainableParameters: countTrained(network, opened),
      totalParameters: countScalars(network.parameters),
      modelBytes: opened.bytes,
      seconds,
      imagesPerSecond: size / seconds,
      backend: backend.name,
      ...(seed !== undefined && { seed }),
      network: architecture,
      condition: notes["condition"] ?? "unknown",
    };
    reporter.close();
    if (options.json) return writeJson(io, result);
    print(
      io,
      `test accuracy ${percent(accuracy)}, loss ${loss.toFixed(4)}, on ${request.dataset}, ` +
        `from a file of ${bytes(opened.bytes)}`,
    );
  } finally {
    reporter.close();
  }
}

/** Where its weights come from, for people. */
function originOf({ seed, notes }: OpenedNetwork): string {
  return seed === undefined
    ? `all weights in the file (${notes["form"] ?? "dense"})`
    : `seed ${seed}`;
}

/** Of the model's condition; without one, everything that the file holds. */
function countTrained(network: Network, { model, notes }: OpenedNetwork): number {
  if (model === undefined) return countScalars(network.parameters);
  const condition = notes["condition"] ?? "";
  if (!isCondition(condition)) {
    const { tensors } = model;
    return countScalars(network.parameters.filter(({ path }) => tensors.has(path)));
  }
  network.setTrainable(conditionSelection(condition, network));
  return countTrainable(network.trainable);
}
