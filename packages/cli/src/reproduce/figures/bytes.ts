import { evaluate } from "@bn-only/trainer";
import { bytes as formatBytes } from "../../format.ts";
import { runName, styleOfRun } from "../condition-names.ts";
import type { Measured, Point, Series } from "../figure.ts";
import { accuracyOf, groupBy, pointOf, seedsText } from "../points.ts";
import { protocolText } from "../protocol-text.ts";
import { quantizeInt8 } from "../quantize.ts";
import type { StoredRun } from "../run-store.ts";
import type { StyleName } from "../styles.ts";
import type { DrawFigure, FigureContext } from "./definition.ts";

export const bytes: DrawFigure = async ({ spec, runs, open, signal }) => {
  const ours: { style: StyleName; point: Point }[] = [];
  const dense: { style: StyleName; point: Point }[] = [];
  for (const seeds of groupBy(
    runs,
    ({ configuration }) => `${configuration.network} ${runName(configuration)}`,
  )) {
    const { configuration } = seeds[0]!;
    const size = seeds[0]!.run.result.modelBytes;
    const point = { ...pointOf(size, seeds.map(accuracyOf)), label: labelOf(configuration) };
    if (configuration.condition !== "all") {
      ours.push({ style: styleOfRun(configuration), point });
      continue;
    }
    dense.push(
      { style: "dense-float32", point },
      {
        style: "dense-int8",
        point: { ...(await int8Point(seeds, { open, signal })), label: point.label },
      },
    );
  }
  const series = groupBy([...ours, ...dense], ({ style }) => style).map((same): Series => ({
    style: same[0]!.style,
    points: same.map(({ point }) => point).sort((a, b) => a.x - b.x),
  }));
  return {
    title: "Accuracy against bytes shipped",
    subtitle: `what somebody must download to have the trained network; ${protocolText(spec.protocol)}; ${seedsText(runs, "lines from the lowest to the highest")}`,
    panels: [
      {
        kind: "lines",
        x: { title: "bytes", scale: "log", format: "~s", ticks: sizes },
        y: { title: "test accuracy (%)", scale: "linear" },
        series,
        published: [],
        labelled: true,
      },
    ],
    notes: [
      ...ours
        .filter(({ style }) => style === "bn")
        .map(({ point }) =>
          loserText(
            point,
            dense.map((one) => one.point),
          ),
        ),
      "Sizes are those of the model files; int8 is one byte a weight and a float32 scale and shift for each channel, into which BatchNorm folds.",
    ],
  };
};

const labelOf = (configuration: StoredRun["configuration"]): string => {
  const short = configuration.network.replace("cifar-resnet-", "R-");
  const style = styleOfRun(configuration);
  const name = runName(configuration).replace(" random weights a channel", "");
  return ["random", "other", "bn, alternate"].includes(style) ? `${short}, ${name}` : short;
};

/** 1, 2 and 5 of each power of ten. */
const sizes = [3, 4, 5, 6].flatMap((power) => [1, 2, 5].map((digit) => digit * 10 ** power));

/** The dense networks again, with weights of one byte. */
async function int8Point(
  seeds: readonly StoredRun[],
  { open, signal }: Pick<FigureContext, "open" | "signal">,
): Promise<Point> {
  const measured: Measured[] = [];
  let size = 0;
  for (const run of seeds) {
    const { network, test } = await open(run);
    try {
      size = await quantizeInt8(network);
      const { accuracy } = await evaluate(network, test, { signal });
      measured.push({ seed: run.configuration.seed, value: 100 * accuracy, run: run.hash });
    } finally {
      network.dispose();
    }
  }
  return pointOf(size, measured);
}

/** Who is better at the size of a BatchNorm-only model: the honest answer. */
function loserText({ x, mean, label = "" }: Point, dense: readonly Point[]): string {
  const smaller = dense.filter((point) => point.x <= x).sort((a, b) => b.mean - a.mean);
  const ours = `BatchNorm only, ${label}: ${mean.toFixed(1)} % in ${formatBytes(x)}`;
  const [best] = smaller;
  if (best === undefined) return `${ours}; none of the dense networks is that small.`;
  const theirs = `${best.label} trained in full reaches ${best.mean.toFixed(1)} % in ${formatBytes(best.x)}`;
  const points = Math.abs(best.mean - mean).toFixed(1);
  return best.mean >= mean
    ? `${ours}. ${theirs}: we lose by ${points} points.`
    : `${ours}. ${theirs}: we win by ${points} points.`;
}
