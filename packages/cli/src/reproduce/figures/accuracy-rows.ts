import { runName, styleOfRun } from "../condition-names.ts";
import type { RowPanel } from "../figure.ts";
import { accuracyOf, groupBy, pointOf } from "../points.ts";
import { cifar10Accuracies } from "../published/cifar10.ts";
import { findPublished } from "../published/published.ts";
import type { StoredRun } from "../run-store.ts";

/** Test accuracy of runs, a row for all seeds of one name, from the highest to the lowest. */
export function accuracyRows(
  runs: readonly StoredRun[],
  nameOf: (run: StoredRun) => string,
): RowPanel {
  const rows = groupBy(runs, nameOf).map((seeds) => {
    const { configuration } = seeds[0]!;
    const { network, condition, batchNormInit, dataset } = configuration;
    const known = dataset === "cifar10" && batchNormInit === "uniform";
    return {
      name: nameOf(seeds[0]!),
      style: styleOfRun(configuration),
      point: pointOf(0, seeds.map(accuracyOf)),
      published: known
        ? findPublished(cifar10Accuracies, { network, condition }).filter(
            (value) => !value.alternateInit,
          )
        : [],
    };
  });
  return {
    kind: "rows",
    x: { title: "test accuracy (%)", scale: "linear", domain: [0, 100] },
    rows: rows.sort((a, b) => b.point.mean - a.point.mean),
  };
}

export const nameOfRun = ({ configuration }: StoredRun): string => runName(configuration);
