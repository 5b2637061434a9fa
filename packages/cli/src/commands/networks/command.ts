import type { Command } from "commander";
import type { Io } from "../../io.ts";
import { addPluginOption } from "../shared/plugin-option.ts";
import { listNetworks, type NetworksCommandOptions } from "./run.ts";

export function addNetworksCommand(program: Command, io: Io): void {
  const command = program
    .command("networks")
    .description("List the networks, their parameter counts and the paper's accuracies.")
    .argument("[pattern]", "a name, or a part of it and *, such as cifar-resnet-14*", "*");
  addPluginOption(command)
    .option("--json", "one array")
    .action((pattern: string, options: NetworksCommandOptions) =>
      listNetworks(pattern, options, io),
    );
}
