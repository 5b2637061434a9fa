import type { Command } from "commander";
import type { Io } from "../../io.ts";
import { addBackendOptions } from "../shared/backend-options.ts";
import { addDataOptions } from "../shared/data-options.ts";
import { addPluginOption } from "../shared/plugin-option.ts";
import type { EvaluateCommandOptions } from "./options.ts";
import { runEvaluation } from "./run.ts";

export function addEvaluateCommand(program: Command, io: Io): void {
  const command = program
    .command("evaluate")
    .description("Rebuild a network from its model file and test it again.")
    .argument("<file>", "a model.safetensors");
  addDataOptions(command, { otherwise: "the model's own" });
  addPluginOption(addBackendOptions(command, "auto"))
    .option("--json", "events as objects, the result last")
    .addHelpText("after", "\nExample:\n  bn-only evaluate runs/my-run/model.safetensors\n")
    .action((file: string, options: EvaluateCommandOptions) => runEvaluation(file, options, io));
}
