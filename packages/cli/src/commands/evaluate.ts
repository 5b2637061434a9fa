import { readFileSync } from "node:fs";
import type { Command } from "commander";
import {
  datasetNames,
  loadData,
  normalizations,
  type NormalizationName,
  testSource,
} from "../data.ts";
import { bytes, count, percent } from "../format.ts";
import type { Io } from "../io.ts";
import { oneOf, wholeNumber } from "../options.ts";
import { writeJson } from "../progress/json.ts";
import { createReporter } from "../progress/reporter.ts";
import type { ResultEvent } from "../result.ts";

interface EvaluateCommandOptions {
  readonly dataset?: string;
  readonly dataDir?: string;
  readonly testSize?: number;
  readonly normalization?: NormalizationName;
  readonly backend: "auto" | "wasm" | "tfjs-wasm" | "cpu";
  readonly json: boolean;
}

export function addEvaluateCommand(program: Command, io: Io): void {
  program
    .command("evaluate")
    .description("Rebuild a network from its model file and test it again.")
    .argument("<file>", "a model.safetensors")
    .option("--dataset <name>", "(default: the model's own)", oneOf("--dataset", datasetNames))
    .option("--data-dir <folder>", "a local folder with the data, instead of fetching them")
    .option(
      "--test-size <n>",
      "use the first n test images (default: as in training)",
      wholeNumber("--test-size", 1),
    )
    .option(
      "--normalization <name>",
      "imagenet or cifar10 (default: the model's own)",
      oneOf("--normalization", Object.keys(normalizations)),
    )
    .option(
      "--backend <name>",
      "auto, wasm, tfjs-wasm or cpu",
      oneOf("--backend", ["auto", "wasm", "tfjs-wasm", "cpu"]),
      "auto",
    )
    .option("--json", "events as objects, the result last", false)
    .addHelpText("after", "\nExample:\n  bn-only evaluate runs/my-run/model.safetensors\n")
    .action((file: string, options: EvaluateCommandOptions) => runEvaluation(file, options, io));
}

async function runEvaluation(file: string, options: EvaluateCommandOptions, io: Io): Promise<void> {
  const { evaluate, readModel, restoreModel, useBackend } = await import("@bn-only/trainer");
  const { countScalars } = await import("@bn-only/frozen-layers");
  const { createNetwork } = await import("@bn-only/resnet-zoo");
  const contents = readFileSync(file);
  const model = readModel(contents);
  const { architecture, seed, initialization, classes, notes } = model.metadata;

  const reporter = createReporter(io, options);
  try {
    const backend = await useBackend(options.backend);
    reporter.line(`backend: ${backend.description}`);
    const { dataset = notes["dataset"] ?? "cifar10", dataDir } = options;
    const testSize =
      options.testSize ?? (notes["testSize"] ? Number(notes["testSize"]) : undefined);
    const dataSeed = Number(notes["dataSeed"] ?? 0);
    const request = { dataset, dataDir, testSize, seed: dataSeed, signal: io.signal };
    const { test } = await loadData(request, reporter);

    const network = createNetwork(architecture, {
      seed,
      classes,
      inputShape: test.shape,
      ...initialization,
    });
    await restoreModel(network, model);
    const normalization =
      options.normalization ?? (notes["normalization"] as NormalizationName) ?? "imagenet";
    const begin = performance.now();
    const { accuracy, loss } = await evaluate(network, testSource(test, normalization), {
      signal: io.signal,
    });
    const seconds = (performance.now() - begin) / 1000;
    const stored = network.parameters.filter(({ path }) => model.tensors.has(path));
    const result: ResultEvent = {
      event: "result",
      testAccuracy: accuracy,
      testLoss: loss,
      trainableParameters: countScalars(stored),
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
      `${architecture}, seed ${seed}, ${bytes(contents.length)}\n` +
        `test accuracy ${percent(accuracy)}, loss ${loss.toFixed(4)}, on ${count(test.labels.length)} images of ${dataset}\n`,
    );
  } finally {
    reporter.close();
  }
}
