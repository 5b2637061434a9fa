import { type PrunedLayer, pruneNetwork } from "@bn-only/trainer";
import { count, plural, table } from "../../format.ts";
import type { Io } from "../../io.ts";
import { compact } from "../shared/compact.ts";
import type { CompactOptions } from "../shared/compact-options.ts";

export interface PruneCommandOptions extends CompactOptions {
  readonly threshold: number;
  readonly multiple: number;
}

/** `bn-only prune`: the network without the channels that BatchNorm has switched off. */
export function runPrune(path: string, options: PruneCommandOptions, io: Io): Promise<void> {
  const { threshold, multiple } = options;
  return compact(
    path,
    "pruned",
    async (before) => {
      const { network, layers } = await pruneNetwork(before, { threshold, multiple });
      const features = [sum(layers, "before"), sum(layers, "after")];
      return {
        network,
        notes: { prunedBelow: String(threshold) },
        result: { threshold, multiple, features, layers },
        lines: linesOf(layers, threshold),
        ...(multiple === 1 && {
          ifSlower: "Slower, since kernels compute several channels at once: try --multiple 8.",
        }),
      };
    },
    { options, io },
  );
}

function linesOf(layers: readonly PrunedLayer[], threshold: number): string[] {
  const smaller = layers.filter(({ before, after }) => after < before);
  const which = threshold === 0 ? "gamma = 0" : `|gamma| < ${threshold}`;
  const removed = sum(layers, "before") - sum(layers, "after");
  const of = `of ${count(sum(layers, "before"))} channels`;
  const exact =
    threshold === 0
      ? []
      : [`gammas below ${threshold} count as zero, so outputs change; see below by how much`];
  if (removed === 0) {
    const hint =
      threshold === 0 ? " bn-only analyze shows how many a --threshold would reach." : "";
    return [`${which}: none ${of} can be removed.${hint}`, ...exact];
  }
  const rows = smaller.map(({ path, before, after }) => [path, count(before), count(after)]);
  return [
    `${which}: ${count(removed)} ${of} removed, in ${plural(smaller.length, "layer")}`,
    ...exact,
    "",
    table([["layer", "before", "after"], ...rows]),
  ];
}

function sum(layers: readonly PrunedLayer[], which: "before" | "after"): number {
  return layers.reduce((total, layer) => total + layer[which], 0);
}
