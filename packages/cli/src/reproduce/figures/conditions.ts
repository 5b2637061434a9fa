import { conditionName } from "../condition-names.ts";
import type { RowPanel } from "../figure.ts";
import { groupBy, seedsText } from "../points.ts";
import { protocolText } from "../protocol-text.ts";
import type { StoredRun } from "../run-store.ts";
import { accuracyRows, nameOfRun } from "./accuracy-rows.ts";
import type { DrawFigure } from "./definition.ts";

export const conditions: DrawFigure = ({ spec, runs }) => {
  const panels = groupBy(runs, ({ configuration }) => configuration.network).map(panelOf);
  return {
    title: "Accuracy by what trains",
    subtitle: `${protocolText(spec.protocol)}; ${seedsText(runs, "each a dot")}`,
    panels,
    notes: panels.map(orderText),
  };
};

function panelOf(runs: readonly StoredRun[]): RowPanel {
  return { ...accuracyRows(runs, nameOfRun), title: runs[0]!.configuration.network };
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
