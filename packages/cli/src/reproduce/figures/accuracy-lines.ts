import { styleOfRun } from "../condition-names.ts";
import type { Axis, LinePanel, PublishedPoint, Series } from "../figure.ts";
import { depthOf } from "../networks.ts";
import { accuracyOf, groupBy, pointOf } from "../points.ts";
import { cifar10Accuracies } from "../published/cifar10.ts";
import type { PublishedValue } from "../published/published.ts";
import type { StoredRun } from "../run-store.ts";

export interface AccuracyLines {
  readonly runs: readonly StoredRun[];
  readonly x: Omit<Axis, "ticks">;
  readonly xOf: (network: string) => number;
  /** Those of the networks and conditions that ran are shown. */
  readonly published: readonly PublishedValue[];
}

/** Test accuracy over a property of the network, a curve for each condition. */
export function accuracyLines({ runs, x, xOf, published }: AccuracyLines): LinePanel {
  const series = groupBy(runs, ({ configuration }) => styleOfRun(configuration)).map(
    (same): Series => ({
      style: styleOfRun(same[0]!.configuration),
      points: groupBy(same, ({ configuration }) => configuration.network)
        .map((seeds) => {
          const { network } = seeds[0]!.configuration;
          return { ...pointOf(xOf(network), seeds.map(accuracyOf)), label: network };
        })
        .sort((a, b) => a.x - b.x),
    }),
  );
  const ticks = [...new Set(series.flatMap(({ points }) => points.map((point) => point.x)))];
  return {
    kind: "lines",
    x: { ...x, ticks: ticks.sort((a, b) => a - b) },
    y: { title: "test accuracy (%)", scale: "linear", domain: [0, 100] },
    series,
    published: publishedOf(runs, { published, xOf }),
  };
}

/** The same over the depth of CIFAR-10's ResNets. */
export function accuracyByDepth(runs: readonly StoredRun[]): LinePanel {
  return accuracyLines({
    runs,
    x: { title: "depth (layers)", scale: "log" },
    xOf: depthOf,
    published: cifar10Accuracies,
  });
}

/** What was published about networks and conditions of these runs. */
function publishedOf(
  runs: readonly StoredRun[],
  { published, xOf }: Pick<AccuracyLines, "published" | "xOf">,
): PublishedPoint[] {
  const ran = new Set(
    runs.map(({ configuration }) => `${configuration.network} ${styleOfRun(configuration)}`),
  );
  return published.flatMap((value) => {
    const style = styleOfRun({
      condition: value.condition,
      batchNormInit: value.alternateInit ? "oneOne" : "uniform",
    });
    return ran.has(`${value.network} ${style}`) ? [{ ...value, style, x: xOf(value.network) }] : [];
  });
}
