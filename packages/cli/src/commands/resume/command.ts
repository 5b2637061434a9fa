import type { Command } from "commander";
import type { Io } from "../../io.ts";
import { addThreadOptions } from "../shared/backend-options.ts";
import { addCheckpointOption } from "../shared/checkpoint-option.ts";
import { addPluginOption } from "../shared/plugin-option.ts";
import { type ResumeCommandOptions, runResume } from "./run.ts";

export function addResumeCommand(program: Command, io: Io): void {
  const command = program
    .command("resume")
    .description("Go on with an interrupted run, to the same model as if it had never stopped.")
    .argument("<run>", "a run folder of bn-only train");
  addThreadOptions(addPluginOption(addCheckpointOption(command)), "as in the run")
    .option("--json", "one event object a line on stdout, the result last")
    .addHelpText(
      "after",
      "\nOptions that are not given are those of the run, from its run.json. It goes on from its last checkpoint, or from the" +
        "\nbeginning if it had none yet. Plugins that the run began with are named again: no file decides which code runs.\n\nExample:\n  bn-only resume runs/my-run\n",
    )
    .action((run: string, { fma, ...options }: ResumeCommandOptions) =>
      // Without --no-fma it is as in the run.
      runResume(run, fma === false ? { ...options, fma } : options, io),
    );
}
