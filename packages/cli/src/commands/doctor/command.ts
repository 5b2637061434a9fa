import type { Command } from "commander";
import type { Io } from "../../io.ts";
import { addPluginOption } from "../shared/plugin-option.ts";
import { type DoctorCommandOptions, runDoctor } from "./run.ts";

export function addDoctorCommand(program: Command, io: Io): void {
  const command = program
    .command("doctor")
    .description("Say what this machine has, which backends work and why the others do not.");
  addPluginOption(command)
    .option("--json", "one object")
    .action((options: DoctorCommandOptions) => runDoctor(options, io));
}
