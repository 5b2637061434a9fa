import { drawnAlike, styleOfRun } from "./condition-names.ts";
import { canonicalJson, type RunConfiguration } from "./configuration.ts";
import type { FigureName, FigureSpec, Protocol } from "./figure-spec.ts";
import type { FigureContext } from "./figures/definition.ts";
import { depthOf, widthOf } from "./networks.ts";
import { groupBy } from "./points.ts";
import type { StoredRun } from "./run-store.ts";

/** A figure that some runs are enough for. */
export interface PossibleFigure {
  readonly spec: FigureSpec;
  readonly runs: readonly StoredRun[];
}

/** What a figure of finished runs gets: it opens no model, and ends at once. */
export const withoutModels: Pick<FigureContext, "open" | "signal"> = {
  open: () => {
    throw new Error("the figure is made of what run folders hold");
  },
  signal: new AbortController().signal,
};

/** Runs that differ in network, condition, seed and the initialisation of BatchNorm only, so that they can be compared. */
export function byProtocol(runs: readonly StoredRun[]): StoredRun[][] {
  return groupBy(runs, ({ configuration }) => canonicalJson(protocolOf(configuration)));
}

export function protocolOf(configuration: RunConfiguration): Omit<Protocol, "batchNormInit"> {
  const {
    network: _network,
    condition: _condition,
    seed: _seed,
    batchNormInit: _init,
    dataDir: _dataDir,
    ...protocol
  } = configuration;
  return protocol;
}

/** The figures of the paper that runs of one protocol give, without testing any network again. */
export function figuresOf(runs: readonly StoredRun[]): PossibleFigure[] {
  const { batchNormInit } = runs[0]!.configuration;
  const protocol = { ...protocolOf(runs[0]!.configuration), batchNormInit } as Protocol;
  const seeds = [...new Set(runs.map(({ configuration }) => configuration.seed))].sort(
    (a, b) => a - b,
  );
  return selections.flatMap(([figure, select]) => {
    const chosen = select(runs);
    const alike = figure !== "conditions" && drawnAlike(chosen.map((run) => run.configuration));
    return chosen.length === 0 || alike
      ? []
      : [{ spec: { figure, seeds, protocol, runs: [] }, runs: chosen }];
  });
}

const network = ({ configuration }: StoredRun): string => configuration.network;
const style = ({ configuration }: StoredRun): string => styleOfRun(configuration);
const count = (runs: readonly StoredRun[], key: (run: StoredRun) => string): number =>
  new Set(runs.map(key)).size;

const isPlain = (run: StoredRun): boolean => /^[a-z]+-resnet-\d+$/.test(network(run));
const isNamed = (run: StoredRun): boolean =>
  style(run) !== "other" && !/^random-(?!2$)/.test(run.configuration.condition);

type Select = (runs: readonly StoredRun[]) => StoredRun[];

const selections: readonly (readonly [FigureName, Select])[] = [
  [
    "depth",
    (runs) =>
      ofSeveral(
        runs.filter((run) => isPlain(run) && isNamed(run)),
        style,
        3,
      ),
  ],
  [
    "width",
    (runs) =>
      groupBy(runs.filter(isNamed), (run) => String(depthOf(network(run)))).flatMap((same) =>
        new Set(same.map((run) => widthOf(network(run)))).size < 2
          ? []
          : ofSeveral(
              same.filter((run) => /-resnet-\d+(-\d+)?$/.test(network(run))),
              style,
              2,
            ),
      ),
  ],
  [
    "conditions",
    (runs) =>
      groupBy(runs, network).flatMap((same) =>
        count(same, ({ configuration }) => configuration.condition) < 4 ? [] : same,
      ),
  ],
  [
    "random-2",
    (runs) => {
      const both = groupBy(
        runs.filter(
          (run) =>
            isPlain(run) &&
            ["bn", "random-2"].includes(run.configuration.condition) &&
            style(run) !== "bn, alternate",
        ),
        network,
      ).filter((same) => count(same, style) === 2);
      return both.length < 2 ? [] : both.flat();
    },
  ],
  ["gamma", (runs) => withCondition(runs, "all")],
  [
    "curves",
    (runs) =>
      withCondition(
        runs.filter(({ run }) => run.history.length > 2),
        "all",
        "bn+shortcut+head",
      ),
  ],
];

/** Groups of runs with at least so many networks in them. */
function ofSeveral(
  runs: readonly StoredRun[],
  key: (run: StoredRun) => string,
  networks: number,
): StoredRun[] {
  return groupBy(runs, key).flatMap((same) => (count(same, network) < networks ? [] : same));
}

/** The BatchNorm-only runs of networks, and those of some other conditions of the same networks. */
function withCondition(runs: readonly StoredRun[], ...others: readonly string[]): StoredRun[] {
  const usual = runs.filter(
    ({ configuration }) => styleOfRun(configuration) === configuration.condition,
  );
  return groupBy(usual, network).flatMap((same) => {
    const conditions = new Set(same.map(({ configuration }) => configuration.condition));
    const wanted = ["bn", ...others];
    return conditions.has("bn") && conditions.has("all")
      ? same.filter(({ configuration }) => wanted.includes(configuration.condition))
      : [];
  });
}
