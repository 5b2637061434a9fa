import type { Command } from "commander";
import type { Io } from "../../io.ts";
import { addPluginOption } from "../shared/plugin-option.ts";
import { listDatasets, type DatasetsCommandOptions } from "./run.ts";

export function addDatasetsCommand(program: Command, io: Io): void {
  const command = program.command("datasets").description("List the data sets.");
  addPluginOption(command)
    .option("--json", "one array")
    .action((options: DatasetsCommandOptions) => listDatasets(options, io));
}
