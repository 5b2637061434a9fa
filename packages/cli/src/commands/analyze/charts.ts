import type { Distribution } from "@bn-only/trainer";
import { line } from "d3-shape";
import { percent } from "../../format.ts";
import { PAPER_THRESHOLD } from "../../paper-threshold.ts";
import { figure, frame, legend } from "../../report/axes.ts";
import type { ModelAnalysis } from "./analysis.ts";
import { markedThreshold } from "./marked-threshold.ts";

/** The colours of the first model and of the second. */
const kinds = ["before", "after"] as const;

type Point = readonly [x: number, y: number];

interface Curve {
  readonly points: readonly Point[];
  readonly kind: (typeof kinds)[number];
  readonly dashed?: boolean;
}

interface ChartOptions {
  readonly title: string;
  readonly caption: string;
  readonly x: {
    readonly label: string;
    readonly format?: (value: number) => string;
    readonly ticks?: number;
  };
  readonly y: { readonly label: string; readonly format?: (value: number) => string };
  /** Below the largest value that is drawn. */
  readonly top?: number;
}

function chart(curves: readonly Curve[], names: readonly string[], options: ChartOptions): string {
  const all = curves.flatMap(({ points }) => points);
  const across = all.map(([x]) => x);
  const top = Math.max(options.top ?? 0, 1.08 * Math.max(...all.map(([, y]) => y)));
  const { x, y, svg } = frame(
    { domain: [Math.min(...across), Math.max(...across)], ...options.x },
    { domain: [0, top || 1], ...options.y },
  );
  const paths = curves.map(({ points, kind, dashed }) => {
    const path = line()(points.map(([right, up]): [number, number] => [x(right), y(up)]));
    return `<path class="curve ${kind}"${dashed ? ' stroke-dasharray="5 5"' : ""} d="${path}"/>`;
  });
  const entries = names.map((name, i) => ({ name, kind: kinds[i]! }));
  return figure(options.title, options.caption, svg + paths.join(""), legend(entries));
}

/** All figures of the page. */
export function charts(models: readonly ModelAnalysis[], names: readonly string[]): string[] {
  const { thresholds } = models[0]!.affine;
  const marked = markedThreshold(thresholds);
  return [
    ...distribution("gamma", models, names),
    ...distribution("beta", models, names),
    disabledByThreshold(models, names),
    ...accuracyByThreshold(models, names),
    byDepth(models, names, {
      title: "Features switched off, by depth",
      caption: `The share of |gamma| below ${thresholds[marked]} in each BatchNorm, from the first to the last.`,
      label: "share switched off",
      of: ({ affine }, i) => affine.layers[i]!.disabled[marked]!,
    }),
    ...(models.every(({ tested }) => tested)
      ? [
          byDepth(models, names, {
            title: "Zeros behind ReLU, by depth",
            caption: "The share of outputs that are zero, over all test images and pixels.",
            label: "share of zeros",
            of: ({ affine, tested }, i) => tested!.layers[affine.layers[i]!.path]?.zeros,
          }),
        ]
      : []),
  ];
}

function distribution(
  which: "gamma" | "beta",
  models: readonly ModelAnalysis[],
  names: readonly string[],
): string[] {
  const curves = models.flatMap(({ affine }, i): Curve[] => {
    const values = affine.overall[which];
    return values ? [{ points: outline(values), kind: kinds[i]! }] : [];
  });
  if (curves.length === 0) return [];
  const options = {
    title: which === "gamma" ? "Gamma" : "Beta",
    caption: `How the ${which} of all features are distributed; the area under each curve is 1.`,
    x: { label: which },
    y: { label: "density" },
  };
  return [chart(curves, names, options)];
}

function outline({ histogram: { edges, counts }, count }: Distribution): Point[] {
  return counts.flatMap((n, i): Point[] => {
    const density = n / (count * (edges[i + 1]! - edges[i]!));
    return [
      [edges[i]!, density],
      [edges[i + 1]!, density],
    ];
  });
}

/** Thresholds are far apart, so they stand beside each other in even steps. */
function thresholdAxis(thresholds: readonly number[]): ChartOptions["x"] {
  const format = (at: number): string => (at === 0 ? "as it is" : String(thresholds[at - 1] ?? ""));
  return { label: "threshold of |gamma|", format, ticks: thresholds.length };
}

function disabledByThreshold(models: readonly ModelAnalysis[], names: readonly string[]): string {
  const curves = models.map(({ affine }, i): Curve => ({
    points: [0, ...affine.overall.disabled].map((share, at) => [at, share]),
    kind: kinds[i]!,
  }));
  return chart(curves, names, {
    title: "Features switched off",
    caption: `The share of features with |gamma| below each threshold. The paper's is ${PAPER_THRESHOLD}.`,
    x: thresholdAxis(models[0]!.affine.thresholds),
    y: { label: "share of features", format: (value) => percent(value, 0) },
    top: 0.05,
  });
}

function accuracyByThreshold(models: readonly ModelAnalysis[], names: readonly string[]): string[] {
  if (!models.every(({ tested }) => tested)) return [];
  const curves = models.flatMap(({ tested }, i): Curve[] => [
    { points: tested!.thresholds.map(({ accuracy }, at) => [at, accuracy]), kind: kinds[i]! },
    {
      points: tested!.thresholds.map(({ accuracyWithoutBeta }, at) => [at, accuracyWithoutBeta]),
      kind: kinds[i]!,
      dashed: true,
    },
  ]);
  return [
    chart(curves, names, {
      title: "Accuracy without them",
      caption:
        "Test accuracy with gammas below each threshold at zero; dashed with their betas at zero, too.",
      x: thresholdAxis(models[0]!.affine.thresholds),
      y: { label: "test accuracy", format: (value) => percent(value, 0) },
      top: 0.2,
    }),
  ];
}

function byDepth(
  models: readonly ModelAnalysis[],
  names: readonly string[],
  options: {
    readonly title: string;
    readonly caption: string;
    readonly label: string;
    readonly of: (model: ModelAnalysis, layer: number) => number | undefined;
  },
): string {
  const curves = models.map((model, i): Curve => ({
    points: model.affine.layers.flatMap(({ depth }, at): Point[] => {
      const value = options.of(model, at);
      return value === undefined ? [] : [[depth, value]];
    }),
    kind: kinds[i]!,
  }));
  return chart(curves, names, {
    title: options.title,
    caption: options.caption,
    x: { label: "depth: 0 is the first BatchNorm, 1 the last" },
    y: { label: options.label, format: (value) => percent(value, 0) },
    top: 0.05,
  });
}
