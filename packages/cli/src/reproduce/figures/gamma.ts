import { disabledShare, histogram } from "@bn-only/trainer";
import { percent } from "../../format.ts";
import { conditionName, styleOfRun } from "../condition-names.ts";
import type { HistogramPanel } from "../figure.ts";
import { groupBy } from "../points.ts";
import { gammaShares } from "../published/others.ts";
import { certainties } from "../published/published.ts";
import { protocolText } from "../protocol-text.ts";
import type { StoredRun } from "../run-store.ts";
import type { DrawFigure } from "./definition.ts";

const BINS = 60;

export const gamma: DrawFigure = ({ spec, runs }) => {
  const seeds = new Set(runs.map(({ configuration }) => configuration.seed)).size;
  const panels = groupBy(runs, ({ configuration }) => configuration.network).map(panelOf);
  return {
    title: "Distribution of gamma",
    subtitle: `all BatchNorm layers after training; ${protocolText(spec.protocol)}; ${seeds === 1 ? "one seed" : `${seeds} seeds together`}`,
    panels,
    notes: [...panels.map(disabledText), publishedText()],
  };
};

function panelOf(runs: readonly StoredRun[]): HistogramPanel {
  const { network } = runs[0]!.configuration;
  const groups = groupBy(runs, ({ configuration }) => styleOfRun(configuration));
  const all = groups.map((same) =>
    Float32Array.from(same.flatMap(({ run }) => run.record.gammaAfter)),
  );
  const limits = {
    minimum: Math.min(-0.5, ...all.map(lowest)),
    maximum: Math.max(1, ...all.map(highest)),
  };
  return {
    kind: "histogram",
    title: network,
    x: { title: "gamma", scale: "linear" },
    y: { title: "share of features (%)", scale: "linear" },
    series: groups.map((same, i) => {
      const { edges, counts } = histogram(all[i]!, { ...limits, bins: BINS });
      return {
        style: styleOfRun(same[0]!.configuration),
        bins: counts.map((count, bin) => ({
          from: edges[bin]!,
          to: edges[bin + 1]!,
          share: (100 * count) / all[i]!.length,
        })),
        note: `${conditionName(same[0]!.configuration.condition)} ${percent(disabledShare(all[i]!), 1)}`,
      };
    }),
  };
}

const lowest = (values: Float32Array): number => values.reduce((a, b) => Math.min(a, b), Infinity);
const highest = (values: Float32Array): number =>
  values.reduce((a, b) => Math.max(a, b), -Infinity);

const disabledText = ({ title, series }: HistogramPanel): string =>
  `${title}, share of |gamma| < 0.01: ${series.map(({ note }) => note).join(", ")}.`;

function publishedText(): string {
  const values = gammaShares.map(
    ({ condition, value, low, high, certainty }) =>
      `${conditionName(condition)} ${value} % (${low} to ${high}, ${certainties[certainty]})`,
  );
  return `The paper, cifar-resnet-110 after 160 epochs: ${values.join(", ")}.`;
}
