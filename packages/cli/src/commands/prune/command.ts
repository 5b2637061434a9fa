import type { Command } from "commander";
import type { Io } from "../../io.ts";
import { realNumber, wholeNumber } from "../../options.ts";
import { addCompactOptions } from "../shared/compact-options.ts";
import { type PruneCommandOptions, runPrune } from "./run.ts";

export function addPruneCommand(program: Command, io: Io): void {
  const command = program
    .command("prune")
    .description("Remove the channels that a model's BatchNorm has switched off.")
    .argument("<model>", "a model.safetensors, or a run folder")
    .option(
      "--threshold <t>",
      "also those with |gamma| below t, which changes outputs",
      realNumber("--threshold", { from: 0 }),
      0,
    );
  command.option(
    "--multiple <n>",
    "channels that a layer keeps come in multiples of n; 8 is fast on wasm",
    wholeNumber("--multiple", 1),
    1,
  );
  addCompactOptions(command, "pruned")
    .addHelpText(
      "after",
      "\nA channel of gamma 0 is a constant, which goes into the layers behind it: outputs stay equal to rounding." +
        "\nThe file has all weights, under the names of bn-only export, and its layers as JSON; evaluate, fold and analyze read it." +
        "\n\nExample:\n  bn-only prune runs/my-run --threshold 0.01 --out pruned.safetensors\n",
    )
    .action((model: string, options: PruneCommandOptions) => runPrune(model, options, io));
}
