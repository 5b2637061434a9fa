import type { RunConfiguration } from "./configuration.ts";
import { type StyleName, styleNames } from "./styles.ts";

const names: Readonly<Record<string, string>> = {
  all: "all parameters",
  "all-but-bn": "all but BatchNorm",
  bn: "BatchNorm only",
  gamma: "gamma only",
  beta: "beta only",
  head: "output only",
  shortcut: "shortcuts only",
  "bn+head": "BatchNorm, output",
  "shortcut+head": "shortcuts, output",
  "bn+shortcut+head": "BatchNorm, shortcuts, output",
  none: "nothing",
};

/** What trains, for people. */
export function conditionName(condition: string): string {
  const weights = /^random-(\d+)$/.exec(condition)?.[1];
  if (weights !== undefined) {
    return `${weights} random weight${weights === "1" ? "" : "s"} a channel`;
  }
  return names[condition] ?? condition;
}

const inits: Readonly<Record<RunConfiguration["batchNormInit"], string>> = {
  uniform: "",
  fixed: "gamma 1",
  oneOne: "gamma 1, beta 1",
  positiveNegative: "gamma from -1 to 1",
};

/** What trains and, where it is not the paper's usual one, from which gamma and beta. */
export function runName({ condition, batchNormInit }: RunKind): string {
  const init = inits[batchNormInit];
  return `${conditionName(condition)}${init === "" ? "" : ` (${init})`}`;
}

type RunKind = Pick<RunConfiguration, "condition" | "batchNormInit">;

/**
 * Names of two kinds of runs of one network that have the same style, and so would be one point in figures that tell runs
 * apart by it.
 */
export function drawnAlike(
  runs: readonly (RunKind & Pick<RunConfiguration, "network">)[],
): readonly [string, string] | undefined {
  const seen = new Map<string, string>();
  for (const run of runs) {
    const place = `${run.network} ${styleOfRun(run)}`;
    const name = runName(run);
    const other = seen.get(place) ?? name;
    if (other !== name) return [other, name];
    seen.set(place, name);
  }
  return undefined;
}

/** How the runs of a condition are drawn. */
export function styleOfRun({ condition, batchNormInit }: RunKind): StyleName {
  if (condition.startsWith("random-")) return "random";
  if (condition === "bn" && batchNormInit !== "uniform") return "bn, alternate";
  return styleNames.find((name) => name === condition) ?? "other";
}
