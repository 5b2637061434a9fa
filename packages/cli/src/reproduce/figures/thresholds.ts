import { disabledShare, thresholdAccuracy } from "@bn-only/trainer";
import { PAPER_THRESHOLD } from "../../paper-threshold.ts";
import { styleOfRun } from "../condition-names.ts";
import type { LinePanel, Measured, PublishedPoint, Series } from "../figure.ts";
import { accuracyOf, groupBy, pointOf, seedsText } from "../points.ts";
import { gammaShares } from "../published/others.ts";
import { protocolText } from "../protocol-text.ts";
import type { StoredRun } from "../run-store.ts";
import { styleOf } from "../styles.ts";
import type { DrawFigure, FigureContext } from "./definition.ts";

/** Evenly on the axis. */
const shareThresholds = Array.from({ length: 61 }, (_, i) => 10 ** (-4 + i / 15));
const testThresholds = [0.001, 0.003, PAPER_THRESHOLD, 0.03, 0.1, 0.2, 0.3, 0.5, 1];

const x = { title: "threshold of |gamma|", scale: "log", format: "~g" } as const;
const marks = [{ x: PAPER_THRESHOLD, label: String(PAPER_THRESHOLD) }];

export const thresholds: DrawFigure = async ({ spec, runs, open, signal }) => {
  const networks = groupBy(runs, ({ configuration }) => configuration.network);
  const panels: LinePanel[] = [];
  const notes = [`Dotted line: ${PAPER_THRESHOLD}, where the paper calls a feature switched off.`];
  for (const same of networks) {
    const { network } = same[0]!.configuration;
    const tested: Series[] = [];
    for (const seeds of groupBy(same, ({ configuration }) => styleOfRun(configuration))) {
      tested.push(await testedCurve(seeds, { open, signal }));
    }
    notes.push(lossText(same, tested));
    panels.push(
      {
        kind: "lines",
        title: `${network}: gammas below the threshold`,
        x: { ...x, ticks: [0.0001, 0.001, 0.01, 0.1, 1] },
        y: { title: "share of features (%)", scale: "linear", domain: [0, 100] },
        series: groupBy(same, ({ configuration }) => styleOfRun(configuration)).map(shareCurve),
        published: publishedOf(same),
        marks,
      },
      {
        kind: "lines",
        title: `${network}: with those gammas at zero`,
        x: { ...x, ticks: [0.001, 0.01, 0.1, 1] },
        y: { title: "test accuracy (%)", scale: "linear", domain: [0, 100] },
        series: tested,
        published: [],
        marks,
      },
    );
  }
  return {
    title: "Features that training switches off",
    subtitle: `left: how many; right: accuracy without them, betas as they are, no further training; ${protocolText(spec.protocol)}; ${seedsText(runs)}`,
    panels,
    notes,
  };
};

function shareCurve(seeds: readonly StoredRun[]): Series {
  const gammas = seeds.map(({ run }) => Float32Array.from(run.record.gammaAfter));
  return {
    style: styleOfRun(seeds[0]!.configuration),
    points: shareThresholds.map((threshold) =>
      pointOf(
        threshold,
        seeds.map((run, i) => measured(run, 100 * disabledShare(gammas[i]!, threshold))),
      ),
    ),
  };
}

async function testedCurve(
  seeds: readonly StoredRun[],
  { open, signal }: Pick<FigureContext, "open" | "signal">,
): Promise<Series> {
  const found = new Map<number, Measured[]>();
  for (const run of seeds) {
    const { network, test } = await open(run);
    try {
      const rows = await thresholdAccuracy(network, test, { thresholds: testThresholds, signal });
      for (const { threshold, accuracy } of rows.slice(1)) {
        found.set(threshold, [...(found.get(threshold) ?? []), measured(run, 100 * accuracy)]);
      }
    } finally {
      network.dispose();
    }
  }
  return {
    style: styleOfRun(seeds[0]!.configuration),
    points: [...found].map(([threshold, values]) => pointOf(threshold, values)),
  };
}

const measured = ({ hash, configuration }: StoredRun, value: number): Measured => ({
  seed: configuration.seed,
  value,
  run: hash,
});

function publishedOf(runs: readonly StoredRun[]): PublishedPoint[] {
  return gammaShares.flatMap((value) => {
    const ran = runs.some(
      ({ configuration: { network, condition } }) =>
        network === value.network && condition === value.condition,
    );
    return ran
      ? [
          {
            ...value,
            x: PAPER_THRESHOLD,
            style: styleOfRun({ condition: value.condition, batchNormInit: "uniform" }),
          },
        ]
      : [];
  });
}

/** What the paper's threshold costs. */
function lossText(runs: readonly StoredRun[], tested: readonly Series[]): string {
  const texts = tested.map(({ style, points }) => {
    const same = runs.filter(({ configuration }) => styleOfRun(configuration) === style);
    const without = points.find((point) => point.x === PAPER_THRESHOLD)!.mean;
    const change = without - pointOf(0, same.map(accuracyOf)).mean;
    return `${change < 0 ? "" : "+"}${change.toFixed(1)} points with ${styleOf(style).name}`;
  });
  return `${runs[0]!.configuration.network} without its features under ${PAPER_THRESHOLD}: ${texts.join(", ")}.`;
}
