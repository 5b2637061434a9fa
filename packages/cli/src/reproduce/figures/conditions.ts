import { conditionName, styleOfRun } from "../condition-names.ts";
import { accuracyOf, groupBy, pointOf, seedsText } from "../points.ts";
import { cifar10Accuracies } from "../published/cifar10.ts";
import { findPublished } from "../published/published.ts";
import { protocolText } from "../protocol-text.ts";
import type { RowPanel } from "../figure.ts";
import type { StoredRun } from "../run-store.ts";
import type { DrawFigure } from "./definition.ts";

export const conditions: DrawFigure = ({ spec, runs }) => {
  const panels = groupBy(runs, ({ configuration }) => configuration.network).map(panelOf);
  return {
    title: "Accuracy by what trains",
    subtitle: `${protocolText(spec.protocol)}; ${seedsText(runs)}`,
    panels,
    notes: panels.map(orderText),
  };
};

function panelOf(runs: readonly StoredRun[]): RowPanel {
  const { network } = runs[0]!.configuration;
  const rows = groupBy(runs, nameOf).map((seeds) => {
    const { configuration } = seeds[0]!;
    const { condition, batchNormInit } = configuration;
    const known = batchNormInit === "uniform" ? { network, condition } : { network: "" };
    return {
      name: nameOf(seeds[0]!),
      condition,
      style: styleOfRun(configuration),
      point: pointOf(0, seeds.map(accuracyOf)),
      published: findPublished(cifar10Accuracies, known).filter((value) => !value.alternateInit),
    };
  });
  return {
    kind: "rows",
    title: network,
    x: { title: "test accuracy (%)", scale: "linear", domain: [0, 100] },
    rows: rows.sort((a, b) => b.point.mean - a.point.mean),
  };
}

function nameOf({ configuration: { condition, batchNormInit } }: StoredRun): string {
  const init = batchNormInit === "uniform" ? "" : `, ${batchNormInit}`;
  return `${conditionName(condition)}${init}`;
}

/** From the highest to the lowest, in the paper's order. */
const paperOrder = ["all", "bn+shortcut+head", "bn", "random-2", "none"];

function orderText({ title, rows }: RowPanel): string {
  const means = new Map(rows.map((row) => [row.name, row.point.mean]));
  const present = paperOrder.map(conditionName).filter((name) => means.has(name));
  const wrong = present
    .slice(1)
    .flatMap((name, i) =>
      means.get(name)! < means.get(present[i]!)! ? [] : [`${name} is not below ${present[i]}`],
    );
  const order = present.join(" > ");
  return wrong.length === 0
    ? `${title}: ${order}, as in the paper.`
    : `${title}: the paper has ${order}; here ${wrong.join(", ")}.`;
}
