import type { Command } from "commander";
import type { Io } from "../../io.ts";
import { checkpointedStagesOption, wholeNumber } from "../../options.ts";
import { addBackendOptions } from "../shared/backend-options.ts";
import { conditionHelp, parseCondition } from "../shared/condition.ts";
import { addPluginOption } from "../shared/plugin-option.ts";
import type { BenchCommandOptions } from "./options.ts";
import { runBench } from "./run.ts";

export function addBenchCommand(program: Command, io: Io): void {
  const command = program
    .command("bench")
    .description("Time training steps on random images.")
    .option("--network <name>", "see bn-only networks", "cifar-resnet-14")
    .option("--condition <name>", conditionHelp, parseCondition, "bn")
    .option("--evaluation", "forward passes with running statistics instead of training steps")
    .option("--batch-size <n>", "images per step", wholeNumber("--batch-size", 1), 128)
    .option(...checkpointedStagesOption);
  addPluginOption(addBackendOptions(command, "auto"))
    .option("--steps <n>", "timed steps", wholeNumber("--steps", 1), 20)
    .option("--profile", "where the time goes, kernel by kernel; backend wasm only")
    .option("--json", "one object")
    .addHelpText("after", "\nExample:\n  bn-only bench --network cifar-resnet-56 --threads 2\n")
    .action((options: BenchCommandOptions) => runBench(options, io));
}
