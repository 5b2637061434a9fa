import type { Command } from "commander";
import { count, percent, table } from "../format.ts";
import type { Io } from "../io.ts";

export function addNetworksCommand(program: Command, io: Io): void {
  program
    .command("networks")
    .description("List the networks, their parameter counts and the paper's accuracies.")
    .argument("[pattern]", "such as cifar-resnet-14*", "*")
    .option("--json", "one array", false)
    .action(async (pattern: string, { json }: { json: boolean }) => {
      const { describe, listNetworks } = await import("@bn-only/resnet-zoo");
      const networks = listNetworks(pattern).map((name) => describe(name));
      if (json) return void io.stdout.write(`${JSON.stringify(networks)}\n`);
      if (networks.length === 0) {
        return void io.stdout.write(`No network matches "${pattern}". Try: bn-only networks\n`);
      }
      const header = ["network", "parameters", "BatchNorm", "share", "MACs", "paper, BN only"];
      const rows = networks.map(({ name, parameters, macs, published }) => [
        name,
        count(parameters.total),
        count(parameters.batchNorm),
        percent(parameters.batchNorm / parameters.total),
        `${(macs / 1e6).toFixed(1)} M`,
        published?.batchNormOnly === undefined ? "-" : `${published.batchNormOnly} %`,
      ]);
      io.stdout.write(
        `${table([header, ...rows])}\n\n` +
          "Any depth 6n + 2 and any width work: cifar-resnet-20, cifar-resnet-8-3.\n" +
          "The paper's accuracies are CIFAR-10 after 160 epochs, read off a figure of arXiv 2003.00152v1.\n",
      );
    });
}
