import type { Command } from "commander";
import type { Io } from "../../io.ts";
import { addCompactOptions, type CompactOptions } from "../shared/compact-options.ts";
import { runFold } from "./run.ts";

export function addFoldCommand(program: Command, io: Io): void {
  const command = program
    .command("fold")
    .description("Fold a model's BatchNorm into its convolutions, for inference elsewhere.")
    .argument("<model>", "a model.safetensors, a run folder, or what bn-only prune wrote");
  addCompactOptions(command, "folded")
    .addHelpText(
      "after",
      "\nOutputs stay equal to rounding. Other runtimes gain by it; the backend wasm does not, since there BatchNorm" +
        "\ncosts nothing beside the next convolution." +
        "\n\nExample:\n  bn-only fold runs/my-run --out folded.safetensors\n",
    )
    .action((model: string, options: CompactOptions) => runFold(model, options, io));
}
