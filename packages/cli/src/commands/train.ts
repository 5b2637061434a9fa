import {
  batchNormInitializers,
  type Initialization,
  weightInitializers,
} from "@bn-only/frozen-layers";
import { backendNames, type BackendName, type Condition, conditions } from "@bn-only/trainer";
import type { Command } from "commander";
import { datasetNames, type NormalizationName, normalizations } from "../data.ts";
import type { Io } from "../io.ts";
import { checkpointedStagesOption, oneOf, pathName, realNumber, wholeNumber } from "../options.ts";
import { type Preset, presets } from "../presets.ts";
import { runTraining } from "../train-run.ts";

export interface TrainCommandOptions {
  readonly dataset: string;
  readonly condition: Condition;
  readonly backend: BackendName;
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
  readonly momentum: number;
  readonly weightDecay: number;
  readonly trainSize?: number;
  readonly testSize?: number;
  readonly seed: number;
  readonly weightInit: Initialization["weights"];
  readonly batchNormInit: Initialization["batchNorm"];
  readonly normalization: NormalizationName;
  readonly augment: boolean;
  readonly checkpointedStages: number;
  readonly dataDir?: string;
  readonly out?: string;
  readonly preset?: Preset;
  readonly report: boolean;
  readonly json?: boolean;
}

const weightInits = Object.keys(weightInitializers);
const batchNormInits = Object.keys(batchNormInitializers);

export function addTrainCommand(program: Command, io: Io): void {
  program
    .command("train")
    .description("Train a network and leave a run folder: model, metrics, report.")
    .argument("<network>", "its name; see bn-only networks")
    .option(
      "--preset <name>",
      "quick: 5 epochs; paper: the full recipe",
      oneOf("--preset", presetNames()),
    )
    .option("--dataset <name>", "see bn-only datasets", oneOf("--dataset", datasetNames), "cifar10")
    .option(
      "--condition <name>",
      `what trains: ${conditions.join(", ")}`,
      oneOf("--condition", conditions),
      "bn",
    )
    .option("--backend <name>", backendNames.join(", "), oneOf("--backend", backendNames), "auto")
    .option("--epochs <n>", "passes over the training images", wholeNumber("--epochs", 1), 160)
    .option("--batch-size <n>", "images per step", wholeNumber("--batch-size", 1), 128)
    .option(
      "--learning-rate <x>",
      "drops tenfold at 1/2 and 3/4 of all steps",
      realNumber("--learning-rate", { above: 0 }),
      0.1,
    )
    .option(
      "--momentum <x>",
      "of SGD, from 0 to below 1",
      realNumber("--momentum", { from: 0 }),
      0.9,
    )
    .option(
      "--weight-decay <x>",
      "L2 penalty on what trains",
      realNumber("--weight-decay", { from: 0 }),
      1e-4,
    )
    .option("--train-size <n>", "use the first n training images", wholeNumber("--train-size", 1))
    .option("--test-size <n>", "use the first n test images", wholeNumber("--test-size", 1))
    .option("--seed <n>", "of weights, order and augmentation", wholeNumber("--seed", 0), 0)
    .option(
      "--weight-init <name>",
      weightInits.join(", "),
      oneOf("--weight-init", weightInits),
      "kaimingNormal",
    )
    .option(
      "--batch-norm-init <name>",
      batchNormInits.join(", "),
      oneOf("--batch-norm-init", batchNormInits),
      "uniform",
    )
    .option(
      "--normalization <name>",
      "imagenet, as in the paper's code, or cifar10",
      oneOf("--normalization", Object.keys(normalizations)),
      "imagenet",
    )
    .option("--no-augment", "no flips and crops")
    .option(...checkpointedStagesOption)
    .option(
      "--data-dir <folder>",
      "a local folder with the data, instead of fetching them",
      pathName("--data-dir"),
    )
    .option("--out <folder>", "the run folder (default: a new one in runs/)", pathName("--out"))
    .option("--no-report", "no report.html")
    .option("--json", "one event object a line on stdout, the result last")
    .addHelpText(
      "after",
      "\nAn option given by hand beats the preset. Ctrl-C stops after the current step and leaves a readable run folder." +
        "\n\nExamples:" +
        "\n  bn-only train cifar-resnet-14 --preset quick" +
        "\n  bn-only train cifar-resnet-110 --preset paper --seed 1" +
        "\n  bn-only train cifar-resnet-14-4 --condition bn+head --epochs 10 --json > run.jsonl\n",
    )
    .action((network: string, options: TrainCommandOptions, command: Command) =>
      runTraining(network, withPreset(options, command), io),
    );
}

function presetNames(): Preset[] {
  return Object.keys(presets) as Preset[];
}

/** Puts the preset's values wherever the user gave none himself. */
function withPreset(options: TrainCommandOptions, command: Command): TrainCommandOptions {
  if (options.preset === undefined) return options;
  const given = Object.entries(options).filter(
    ([name]) => command.getOptionValueSource(name) === "cli",
  );
  return { ...options, ...presets[options.preset], ...Object.fromEntries(given) };
}
