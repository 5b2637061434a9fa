import { byId } from "../page/dom.ts";
import { percent } from "../page/format.ts";
import type { LaneView } from "../page/state.ts";
import { conditionLabel } from "../settings.ts";
import { histogram } from "./histogram.ts";
import { plot, short, svg } from "./plot.ts";

const BINS = 44;

/** Every gamma of the network: as drawn, and as it is now. */
export function drawGamma(lanes: readonly LaneView[]): void {
  const shown = lanes.filter(({ look }) => look !== undefined);
  const now = shown.map(({ look }) => join(look!.strips.map(({ gamma }) => gamma)));
  const before = lanes[0]?.info.gammaBefore ?? new Float32Array();
  const [low, high] = rangeOf([before, ...now]);
  const counts = now.map((values) => histogram(values, low, high, BINS));
  const first = histogram(before, low, high, BINS);
  const most = Math.max(1, ...counts.flat(), ...first);
  const axes = plot(
    { domain: [low, high], label: "gamma", format: (value) => String(Number(value.toFixed(2))) },
    { domain: [0, most * 1.06], label: "channels", format: String },
  );
  const width = (high - low) / BINS;
  const bars = counts.map((bins, lane) => {
    const rects = bins.map((count, i) => {
      if (count === 0) return "";
      const [x, y] = [axes.x(low + i * width), axes.y(count)];
      return `<rect x="${short(x + 0.5)}" y="${short(y)}" width="${short(axes.x(low + width) - axes.x(low) - 1)}" height="${short(axes.y(0) - y)}"/>`;
    });
    return `<g class="bars fill-${lane}">${rects.join("")}</g>`;
  });
  const outline = first
    .map(
      (count, i) =>
        `${i === 0 ? "M" : "L"}${short(axes.x(low + i * width))} ${short(axes.y(count))}H${short(axes.x(low + (i + 1) * width))}`,
    )
    .join("");
  const legend = lanes.map(
    ({ info }, lane) =>
      `<li><span class="swatch lane-${lane}"></span>${lanes.length === 2 ? conditionLabel(info.condition) : "now"}</li>`,
  );
  byId("gamma").innerHTML =
    `<ul class="legend"><li><span class="swatch"></span>as drawn from the seed</li>${legend.join("")}</ul>` +
    svg(label(now), axes.axes + bars.join("") + `<path class="before" d="${outline}"/>`) +
    `<p class="caption">The seed draws them between 0 and 1. Training moves them, some to zero: those features are switched off.</p>`;
}

export function join(parts: readonly Float32Array[]): Float32Array {
  const joined = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}

/** The share of `|gamma| < 0.01`, the paper's threshold. */
export function offShare(gamma: Float32Array): number {
  return gamma.length === 0
    ? 0
    : gamma.filter((value) => Math.abs(value) < 0.01).length / gamma.length;
}

/** From and to halves, so that axes stand still for a while. */
function rangeOf(lists: readonly Float32Array[]): [number, number] {
  let [low, high] = [0, 1];
  for (const list of lists) {
    for (const value of list) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  return [Math.floor(low * 4) / 4, Math.ceil(high * 4) / 4];
}

function label(now: readonly Float32Array[]): string {
  const shares = now.map((values) => `${percent(offShare(values))} switched off`);
  return `Histogram of gamma. ${shares.join("; ") || "Nothing has trained yet"}.`;
}
