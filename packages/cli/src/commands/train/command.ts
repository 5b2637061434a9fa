import { batchNormInitializers, weightInitializers } from "@bn-only/frozen-layers";
import { paperRecipe } from "@bn-only/trainer";
import type { Command } from "commander";
import type { Io } from "../../io.ts";
import { augmentationNames } from "../../data/augmentation.ts";
import { optimizerNames, scheduleNames } from "../../training/recipe.ts";
import {
  checkpointedStagesOption,
  oneOf,
  pathName,
  realNumber,
  shares,
  wholeNumber,
} from "../../options.ts";
import { addBackendOptions } from "../shared/backend-options.ts";
import { addCheckpointOption } from "../shared/checkpoint-option.ts";
import { conditionHelp, parseCondition } from "../shared/condition.ts";
import { addDataOptions } from "../shared/data-options.ts";
import { addPluginOption } from "../shared/plugin-option.ts";
import { ADAM_LEARNING_RATE, type TrainCommandOptions } from "./options.ts";
import { presetNames } from "./presets.ts";
import { runTrain } from "./run.ts";

const weightInits = Object.keys(weightInitializers);
const batchNormInits = Object.keys(batchNormInitializers);

export function addTrainCommand(program: Command, io: Io): void {
  const command = program
    .command("train")
    .description("Train a network and leave a run folder: model, metrics, report.")
    .argument("<network>", "its name; see bn-only networks")
    .option(
      "--preset <name>",
      "quick: 5 epochs; paper: the full recipe",
      oneOf("--preset", presetNames),
    )
    .option("--condition <name>", conditionHelp, parseCondition, "bn");
  addRecipeOptions(command);
  addDataOptions(command, {
    dataset: "cifar10",
    otherwise: "the data's own, of synthetic images the network's",
  });
  command
    .option(
      "--augmentation <name>",
      "cifar: flips and crops by 4 pixels; imagenet: flips and cuts of random size (default: cifar)",
      oneOf("--augmentation", augmentationNames),
    )
    .option(
      "--train-size <n>",
      "use n training images: the first, of a folder spread over the classes",
      wholeNumber("--train-size", 1),
    )
    .option("--no-augment", "no flips and crops");
  addWeightOptions(command);
  addPluginOption(addBackendOptions(command, "auto"));
  addCheckpointOption(command, "5min")
    .option("--out <folder>", "the run folder (default: a new one in runs/)", pathName("--out"))
    .option("--overwrite", "replace the run in --out, once this one has finished")
    .option("--no-report", "no report.html")
    .option("--json", "one event object a line on stdout, the result last")
    .addHelpText(
      "after",
      "\nAn option given by hand beats the preset. Ctrl-C stops after the current step and writes a checkpoint (with" +
        "\n--checkpoint-every none it does not, and all steps are lost); bn-only resume <run folder> goes on from there, to" +
        "\nthe same bits as if it had never stopped; so does the same command with the same --out." +
        "\n\nExamples:" +
        "\n  bn-only train cifar-resnet-14 --preset quick" +
        "\n  bn-only train cifar-resnet-110 --preset paper --seed 1" +
        "\n  bn-only train cifar-resnet-14-4 --condition bn+head --epochs 10 --json > run.jsonl\n",
    )
    .action((network: string, options: TrainCommandOptions) => {
      const byHand = new Set(
        Object.keys(options).filter((name) => command.getOptionValueSource(name) === "cli"),
      );
      return runTrain(network, { ...options, byHand }, io);
    });
}

function addRecipeOptions(command: Command): void {
  const { epochs, batchSize, learningRate, momentum, weightDecay } = paperRecipe;
  command
    .option("--epochs <n>", "passes over the training images", wholeNumber("--epochs", 1), epochs)
    .option("--batch-size <n>", "images per step", wholeNumber("--batch-size", 1), batchSize)
    .option(
      "--learning-rate <x>",
      `of the first step, or after the warm-up; ${ADAM_LEARNING_RATE} for adam and adamw`,
      realNumber("--learning-rate", { above: 0 }),
      learningRate,
    )
    .option(
      "--momentum <x>",
      "of SGD, from 0 to below 1",
      realNumber("--momentum", { from: 0 }),
      momentum,
    )
    .option("--nesterov", "SGD looks ahead by the momentum")
    .option(
      "--optimizer <name>",
      optimizerNames.join(", "),
      oneOf("--optimizer", optimizerNames),
      "sgd",
    )
    .option(
      "--schedule <name>",
      `${scheduleNames.join(", ")}; milestones drop the learning rate tenfold at 1/2 and 3/4 of the steps`,
      oneOf("--schedule", scheduleNames),
      "milestones",
    )
    .option(
      "--milestones <shares>",
      "of the steps after the warm-up, after which the learning rate drops tenfold, such as 0.5,0.75 (the default)",
      shares("--milestones"),
    )
    .option(
      "--warmup <n>",
      "steps, or a share of all steps below 1, in which the learning rate rises",
      realNumber("--warmup", { from: 0 }),
    )
    .option(
      "--weight-decay <x>",
      "L2 penalty on what trains",
      realNumber("--weight-decay", { from: 0 }),
      weightDecay,
    );
}

function addWeightOptions(command: Command): void {
  command
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
    .option(...checkpointedStagesOption);
}
