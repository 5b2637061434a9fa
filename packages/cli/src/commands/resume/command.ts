import type { Command } from "commander";
import type { Io } from "../../io.ts";
import { addCheckpointOption } from "../shared/checkpoint-option.ts";
import { type ResumeCommandOptions, runResume } from "./run.ts";

export function addResumeCommand(program: Command, io: Io): void {
  const command = program
    .command("resume")
    .description("Go on with an interrupted run, to the same model as if it had never stopped.")
    .argument("<run>", "a run folder of bn-only train");
  addCheckpointOption(command)
    .option("--json", "one event object a line on stdout, the result last")
    .addHelpText(
      "after",
      "\nThe options are those of the run, from its run.json. It goes on from its last checkpoint, or from the" +
        "\nbeginning if it had none yet.\n\nExample:\n  bn-only resume runs/my-run\n",
    )
    .action((run: string, options: ResumeCommandOptions) => {
      const byHand = command.getOptionValueSource("checkpointEvery") === "cli";
      const { checkpointEvery, ...rest } = options;
      return runResume(
        run,
        { ...rest, ...(byHand && { checkpointEvery }) } as ResumeCommandOptions,
        io,
      );
    });
}
