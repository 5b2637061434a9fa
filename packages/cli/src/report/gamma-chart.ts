import { disabledShare, histogram } from "@bn-only/trainer";
import { figure, frame, legend } from "./axes.ts";

const BINS = 60;

/** Histograms of all gammas before and after training, over the same bins. */
export function gammaChart(before: Float32Array, after: Float32Array): string {
  const all = [...before, ...after];
  const [minimum, maximum] = [Math.min(-0.1, ...all), Math.max(1, ...all)];
  const range = { minimum, maximum, bins: BINS };
  const kinds = [
    { name: "before", kind: "before", ...histogram(before, range) },
    { name: "after", kind: "after", ...histogram(after, range) },
  ];
  const top = Math.max(...kinds.flatMap(({ counts }) => counts));
  const { x, y, svg } = frame(
    { domain: [minimum, maximum], label: "gamma" },
    { domain: [0, top * 1.08], label: "features" },
  );
  const bars = kinds.map(({ kind, counts, edges }) => {
    const rectangles = counts.map((value, i) => {
      const [left, right] = [x(edges[i]!), x(edges[i + 1]!)];
      return `<rect x="${left + 0.5}" y="${y(value)}" width="${right - left - 1}" height="${y(0) - y(value)}"/>`;
    });
    return `<g class="bars ${kind}">${rectangles.join("")}</g>`;
  });
  const [was, is] = [before, after].map((values) => (100 * disabledShare(values)).toFixed(1));
  const caption =
    `${after.length.toLocaleString("en-US")} features. |gamma| < 0.01 holds for ${is} % of them after training and ` +
    `held for ${was} % before: such a feature is switched off.`;
  return figure(
    "Scale of every feature, before and after",
    caption,
    svg + bars.join(""),
    legend(kinds),
  );
}
