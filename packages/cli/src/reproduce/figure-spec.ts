import type { Condition } from "@bn-only/trainer";
import type { FreeOption, TrainingOptions } from "../training/options.ts";
import type { RunConfiguration } from "./configuration.ts";

export const figureNames = [
  "depth",
  "width",
  "conditions",
  "random-2",
  "imagenet",
  "gamma",
  "thresholds",
  "curves",
  "bytes",
] as const;

export type FigureName = (typeof figureNames)[number];

/** What all runs of a figure share. */
export type Protocol = Omit<
  TrainingOptions,
  FreeOption | "seed" | "condition" | "plugin" | "dataDir"
>;

/** Each of the networks under each of the conditions. */
export interface RunGroup {
  readonly networks: readonly string[];
  readonly conditions: readonly Condition[];
  /** Where it is not the protocol's. */
  readonly batchNormInit?: TrainingOptions["batchNormInit"];
}

/** All that decides a figure: `--spec` reads one, and every figure leaves its own beside it. */
export interface FigureSpec {
  readonly figure: FigureName;
  readonly seeds: readonly number[];
  readonly protocol: Protocol;
  readonly runs: readonly RunGroup[];
  /** The hash of the result, to compare with. */
  readonly result?: string;
}

/** The runs of a figure, seed by seed, so that a figure of one seed is there early. */
export function configurationsOf({ seeds, protocol, runs }: FigureSpec): RunConfiguration[] {
  return seeds.flatMap((seed) =>
    runs.flatMap(({ networks, conditions, batchNormInit = protocol.batchNormInit }) =>
      networks.flatMap((network) =>
        conditions.map((condition) => ({ network, ...protocol, condition, batchNormInit, seed })),
      ),
    ),
  );
}
