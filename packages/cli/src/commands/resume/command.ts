import type { Command } from "commander";
import type { Io } from "../../io.ts";
import { addThreadOptions } from "../shared/backend-options.ts";
import { addCheckpointOption } from "../shared/checkpoint-option.ts";
import { type ResumeCommandOptions, runResume } from "./run.ts";

export function addResumeCommand(program: Command, io: Io): void {
  const command = program
    .command("resume")
    .description("Go on with an interrupted run, to the same model as if it had never stopped.")
    .argument("<run>", "a run folder of bn-only train");
  addThreadOptions(addCheckpointOption(command))
    .option("--json", "one event object a line on stdout, the result last")
    .addHelpText(
      "after",
      "\nOptions that are not given are those of the run, from its run.json. It goes on from its last checkpoint, or from the" +
        "\nbeginning if it had none yet.\n\nExample:\n  bn-only resume runs/my-run\n",
    )
    .action((run: string, { json, ...options }: ResumeCommandOptions) => {
      // Defaults are those of the run, not of the command.
      const byHand = Object.entries(options).filter(
        ([name]) => command.getOptionValueSource(name) === "cli",
      );
      return runResume(run, { ...Object.fromEntries(byHand), ...(json && { json }) }, io);
    });
}
