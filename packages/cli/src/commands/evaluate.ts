import { type BackendName, backendNames } from "@bn-only/trainer";
import type { Command } from "commander";
import { datasetNames, type NormalizationName, normalizations } from "../data.ts";
import { runEvaluation } from "../evaluate-run.ts";
import type { Io } from "../io.ts";
import { oneOf, pathName, wholeNumber } from "../options.ts";

export interface EvaluateCommandOptions {
  readonly dataset?: string;
  readonly dataDir?: string;
  readonly testSize?: number;
  readonly normalization?: NormalizationName;
  readonly backend: BackendName;
  readonly json?: boolean;
}

export function addEvaluateCommand(program: Command, io: Io): void {
  program
    .command("evaluate")
    .description("Rebuild a network from its model file and test it again.")
    .argument("<file>", "a model.safetensors")
    .option(
      "--dataset <name>",
      "see bn-only datasets (default: the model's own)",
      oneOf("--dataset", datasetNames),
    )
    .option(
      "--data-dir <folder>",
      "a local folder with the data, instead of fetching them",
      pathName("--data-dir"),
    )
    .option(
      "--test-size <n>",
      "use the first n test images (default: as in training)",
      wholeNumber("--test-size", 1),
    )
    .option(
      "--normalization <name>",
      "imagenet or cifar10 (default: the model's own)",
      oneOf("--normalization", Object.keys(normalizations) as NormalizationName[]),
    )
    .option("--backend <name>", backendNames.join(", "), oneOf("--backend", backendNames), "auto")
    .option("--json", "events as objects, the result last")
    .addHelpText("after", "\nExample:\n  bn-only evaluate runs/my-run/model.safetensors\n")
    .action((file: string, options: EvaluateCommandOptions) => runEvaluation(file, options, io));
}
