import type { Command } from "commander";
import type { Io } from "../../io.ts";
import { pathName } from "../../options.ts";
import { addPluginOption } from "../shared/plugin-option.ts";
import { type CardCommandOptions, parseLicense, runCard } from "./run.ts";

export function addCardCommand(program: Command, io: Io): void {
  const command = program
    .command("card")
    .description("Write a model card in Markdown, with metadata as Hugging Face reads them.")
    .argument("<model>", "a model.safetensors, or a run folder, which knows more")
    .option(
      "--out <file>",
      "the file to write, such as README.md (default: print it)",
      pathName("--out"),
    )
    .option("--overwrite", "replace a file that exists")
    .option(
      "--license <id>",
      "of the model: mit, apache-2.0, …; it is yours to choose",
      parseLicense,
    );
  addPluginOption(command)
    .option("--json", "one object at the end")
    .addHelpText("after", "\nExample:\n  bn-only card runs/my-run --license mit --out README.md\n")
    .action((model: string, options: CardCommandOptions) => runCard(model, options, io));
}
