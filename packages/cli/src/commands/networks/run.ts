import { describeNetwork, listNetworks as publishedNames } from "@bn-only/resnet-zoo";
import { UsageError } from "../../errors.ts";
import { count, millions, percent, table } from "../../format.ts";
import type { Io } from "../../io.ts";
import { loadPlugins } from "../../plugins/load.ts";
import { writeJson } from "../../progress/json.ts";
import type { PluginSelection } from "../shared/plugin-option.ts";
import { print } from "../../print.ts";

export interface NetworksCommandOptions extends PluginSelection {
  readonly json?: boolean;
}

/** `bn-only networks` */
export async function listNetworks(
  pattern: string,
  { plugin, json }: NetworksCommandOptions,
  io: Io,
): Promise<void> {
  const { architectures } = await loadPlugins(plugin);
  const names = pattern.includes("*") ? publishedNames(pattern, { architectures }) : [pattern];
  if (names.length === 0) {
    throw new UsageError(`no network matches "${pattern}". See all with bn-only networks.`);
  }
  const networks = names.map((name) => describeNetwork(name, { architectures }));
  if (json) return writeJson(io, networks);
  const header = ["network", "parameters", "BatchNorm", "share", "MACs", "paper, BN only"];
  const rows = networks.map(({ name, parameters, macs, published }) => [
    name,
    count(parameters.total),
    count(parameters.batchNorm),
    percent(parameters.batchNorm / parameters.total),
    millions(macs),
    published?.batchNormOnly === undefined ? "-" : `${published.batchNormOnly.toFixed(1)} %`,
  ]);
  print(
    io,
    `${table([header, ...rows])}\n\n` +
      "Others work too: cifar-resnet-20, cifar-resnet-8-3, imagenet-resnet-50-2,\n" +
      "cifar-densenet-40-12, mlp-3-256.\n" +
      "The paper's accuracies are CIFAR-10 after 160 epochs, read off a figure of\n" +
      "arXiv 2003.00152v1.",
  );
}
