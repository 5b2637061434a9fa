import { type EpochEvent, paperRecipe } from "@bn-only/trainer";
import { styleOfRun } from "../condition-names.ts";
import type { LinePanel, PublishedPoint, Series } from "../figure.ts";
import { groupBy, pointOf, seedsText } from "../points.ts";
import { publishedCurves } from "../published/training-curve.ts";
import { protocolText } from "../protocol-text.ts";
import type { StoredRun } from "../run-store.ts";
import type { DrawFigure } from "./definition.ts";

export const curves: DrawFigure = ({ spec, runs }) => ({
  title: "Test accuracy while it trains",
  subtitle: `${protocolText(spec.protocol)}; ${seedsText(runs)}`,
  panels: groupBy(runs, ({ configuration }) => configuration.network).map(curvePanel),
  notes: ["Dotted lines: the learning rate drops tenfold."],
});

/** The curve of each condition of one network. */
function curvePanel(runs: readonly StoredRun[]): LinePanel {
  const { network, epochs } = runs[0]!.configuration;
  const marks = dropsOf(runs[0]!).map((x) => ({ x, label: "" }));
  return {
    kind: "lines",
    title: network,
    x: {
      title: "epoch",
      scale: "linear",
      domain: [0, epochs],
      ...(epochs <= 10 && { ticks: Array.from({ length: epochs + 1 }, (_, epoch) => epoch) }),
    },
    y: { title: "test accuracy (%)", scale: "linear", domain: [0, 100] },
    series: groupBy(runs, ({ configuration }) => styleOfRun(configuration)).map(curveOf),
    published: epochs === 160 ? publishedOf(runs) : [],
    marks,
  };
}

/** The epochs at which the learning rate drops; milestones are shares of what a warm-up leaves. */
function dropsOf({ configuration, run }: StoredRun): number[] {
  const { epochs, batchSize, schedule, warmup = 0 } = configuration;
  const { milestones = paperRecipe.milestones } = configuration;
  if (schedule !== "milestones") return [];
  const stepsPerEpoch = Math.ceil(run.record.trainImages / batchSize);
  const rising = Math.min(epochs, warmup < 1 ? warmup * epochs : warmup / stepsPerEpoch);
  return milestones.map((share) => rising + share * (epochs - rising));
}

function curveOf(seeds: readonly StoredRun[]): Series {
  const tested = seeds.map((stored) => ({ stored, byEpoch: accuraciesOf(stored.run.history) }));
  const epochs = [...new Set(tested.flatMap(({ byEpoch }) => [...byEpoch.keys()]))];
  return {
    style: styleOfRun(seeds[0]!.configuration),
    points: epochs.map((epoch) =>
      pointOf(
        epoch,
        tested.flatMap(({ stored, byEpoch }) => {
          const value = byEpoch.get(epoch);
          const { seed } = stored.configuration;
          return value === undefined ? [] : [{ seed, value, run: stored.hash }];
        }),
      ),
    ),
  };
}

/** In percent, by the number of epochs that are done. */
function accuraciesOf(history: readonly EpochEvent[]): Map<number, number> {
  return new Map(
    history.flatMap(({ epoch, testAccuracy }) =>
      testAccuracy === undefined ? [] : [[epoch + 1, 100 * testAccuracy] as const],
    ),
  );
}

function publishedOf(runs: readonly StoredRun[]): PublishedPoint[] {
  const { network } = runs[0]!.configuration;
  const ran = new Set(runs.map(({ configuration }) => configuration.condition));
  return publishedCurves
    .filter((curve) => curve.network === network && ran.has(curve.condition))
    .flatMap(({ condition, points }) =>
      points.map(([x, value]) => ({
        quantity: "accuracy" as const,
        network,
        condition,
        value,
        low: value - 1,
        high: value + 1,
        certainty: "read off a curve" as const,
        source: "curve of ResNet-110 in arXiv 2003.00152v1",
        style: styleOfRun({ condition, batchNormInit: "uniform" }),
        x,
      })),
    );
}
