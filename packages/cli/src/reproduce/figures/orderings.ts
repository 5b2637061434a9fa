import type { LinePanel, Point } from "../figure.ts";
import { type StyleName, styleOf } from "../styles.ts";

const pointsOf = (panel: LinePanel, style: StyleName): readonly Point[] =>
  panel.series.find((series) => series.style === style)?.points ?? [];

const at = ({ label, mean }: Point): string => `${label} ${mean.toFixed(1)} %`;

/** Whether BatchNorm-only accuracy rises all along the axis, as the paper found, and where it does not. */
export function risesText(panel: LinePanel, axis: string): string {
  const points = pointsOf(panel, "bn");
  if (points.length < 2) return `One network shows nothing about ${axis}.`;
  const falls = points.slice(1).flatMap((point, i) => {
    const before = points[i]!;
    return point.mean > before.mean ? [] : [`${at(point)} after ${at(before)}`];
  });
  const claim = `BatchNorm-only accuracy rises with ${axis}`;
  return falls.length === 0
    ? `${claim} here, as in the paper.`
    : `${claim} in the paper; here it does not at ${falls.join(", ")}.`;
}

/** Whether one condition lies above another at every network that has both. */
export function aboveText(panel: LinePanel, upper: StyleName, lower: StyleName): string {
  const below = pointsOf(panel, lower);
  const pairs = pointsOf(panel, upper).flatMap((point) => {
    const other = below.find(({ label }) => label === point.label);
    return other ? [{ point, other }] : [];
  });
  const claim = `${styleOf(upper).name} lies above ${styleOf(lower).name}`;
  const wrong = pairs.filter(({ point, other }) => point.mean <= other.mean);
  if (pairs.length === 0) return "No network has both conditions.";
  return wrong.length === 0
    ? `${claim} at every network here, as in the paper.`
    : `${claim} in the paper; here it does not at ${wrong.map(({ point, other }) => `${at(point)} against ${other.mean.toFixed(1)} %`).join(", ")}.`;
}
