import { disabledShare, histogram } from "@bn-only/trainer";
import { line } from "d3-shape";
import { percent } from "../format.ts";
import { PAPER_THRESHOLD } from "../paper-threshold.ts";
import { figure, frame, legend } from "./axes.ts";

const BINS = 56;
const THRESHOLDS = Array.from({ length: 51 }, (_, i) => i / 500);

const names = [
  { name: "before training", kind: "before" },
  { name: "after", kind: "after" },
] as const;

/** Histograms of all gammas before and after training, over the same bins. */
export function gammaHistogram(before: Float32Array, after: Float32Array): string {
  let [minimum, maximum] = [-0.1, 1];
  for (const values of [before, after]) {
    for (const value of values) {
      minimum = Math.min(minimum, value);
      maximum = Math.max(maximum, value);
    }
  }
  const range = { minimum, maximum, bins: BINS };
  const [was, is] = [histogram(before, range), histogram(after, range)];
  const top = 1.05 * Math.max(...was.counts, ...is.counts);
  const { x, y, svg } = frame(
    { domain: [minimum, maximum], label: "gamma" },
    { domain: [0, top], label: "features" },
  );
  const bars = is.counts.map((value, i) => {
    const [left, right] = [x(is.edges[i]!), x(is.edges[i + 1]!)];
    return `<rect x="${left + 0.5}" y="${y(value)}" width="${right - left - 1}" height="${y(0) - y(value)}"/>`;
  });
  const outline = was.counts.flatMap((value, i): [number, number][] => [
    [x(was.edges[i]!), y(value)],
    [x(was.edges[i + 1]!), y(value)],
  ]);
  const caption = `The scale of each of the ${after.length.toLocaleString("en-US")} features, before and after.`;
  return figure(
    "Gamma",
    caption,
    `${svg}<g class="bars after">${bars.join("")}</g><path class="curve before" d="${line()(outline)}"/>`,
    legend(names),
  );
}

/** The share of gammas below a threshold, for thresholds up to ten times the paper's. */
export function disabledChart(before: Float32Array, after: Float32Array): string {
  const shares = [before, after].map((values) =>
    THRESHOLDS.map((threshold) => disabledShare(values, threshold)),
  );
  const top = Math.min(1, Math.max(0.05, 1.1 * Math.max(...shares.flat())));
  const { x, y, svg } = frame(
    { domain: [0, THRESHOLDS.at(-1)!], label: "threshold", ticks: 5 },
    {
      domain: [0, top],
      label: "share of |gamma| below the threshold",
      format: (v) => percent(v, 0),
    },
  );
  const curves = shares.map((values, i) => {
    const points = values.map((share, k): [number, number] => [x(THRESHOLDS[k]!), y(share)]);
    return `<path class="curve ${names[i]!.kind}" d="${line()(points)}"/>`;
  });
  const [was, is] = [before, after].map((values) =>
    percent(disabledShare(values, PAPER_THRESHOLD), 1),
  );
  const mark = `<line class="axis mark" x1="${x(PAPER_THRESHOLD)}" x2="${x(PAPER_THRESHOLD)}" y1="${y(0)}" y2="${y(top)}"/>`;
  const caption = `|gamma| < ${PAPER_THRESHOLD}, where the paper calls a feature switched off: ${was} before, ${is} after.`;
  return figure(
    "Features switched off",
    caption,
    svg + mark + curves.toReversed().join(""),
    legend(names),
  );
}
