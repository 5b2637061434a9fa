import { byId } from "../page/dom.ts";
import { percent } from "../page/format.ts";
import { type LaneView, noCurves } from "../page/state.ts";
import { conditionLabel } from "../settings.ts";
import { path, plot, type Plot, short, svg } from "./plot.ts";

/** Test and training curves of one quantity, of every lane. */
export function drawCurves(
  name: "accuracy" | "loss",
  lanes: readonly LaneView[],
  epochs: number,
  classes: number,
): void {
  const target = byId(name);
  const curves = lanes.length > 0 ? lanes.map((lane) => lane.curves) : [noCurves];
  const top =
    name === "accuracy"
      ? 1
      : topOf(
          curves.map(({ train, test }) => [...train.loss, ...test.loss]),
          classes,
        );
  const axes = plot(
    { domain: [0, epochs], label: "epoch", format: String },
    {
      domain: [0, top],
      label: name,
      format: name === "accuracy" ? (value) => percent(value, 0) : (value) => value.toFixed(1),
    },
  );
  const lines = curves.map(({ train, test }, lane) => {
    const smooth = smoothed(train[name]);
    return (
      `<path class="curve training stroke-${lane}" d="${path(train.at, smooth, axes)}"/>` +
      `<path class="curve stroke-${lane}" d="${path(test.at, test[name], axes)}"/>` +
      test.at.map((at, i) => dot(at, test[name][i]!, lane, axes)).join("")
    );
  });
  const guess = name === "accuracy" ? 1 / classes : Math.log(classes);
  const chance = `<line class="axis" stroke-dasharray="2 4" x1="${axes.x(0)}" x2="${axes.x(epochs)}" y1="${short(axes.y(guess))}" y2="${short(axes.y(guess))}"/>`;
  target.innerHTML =
    legend(lanes) +
    svg(label(name, lanes), axes.axes + chance + lines.join("")) +
    caption(name, classes);
}

function topOf(values: readonly (readonly number[])[], classes: number): number {
  const top = values
    .flat()
    .reduce((most, value) => Math.max(most, value), Math.log(classes) * 1.15);
  return Math.min(top, 3 * Math.log(classes));
}

function dot(at: number, value: number, lane: number, { x, y }: Plot): string {
  return `<circle class="fill-${lane}" cx="${short(x(at))}" cy="${short(y(value))}" r="3.2"/>`;
}

function legend(lanes: readonly LaneView[]): string {
  const names =
    lanes.length === 2 ? lanes.map(({ info }) => conditionLabel(info.condition)) : ["test images"];
  const items = names.map(
    (name, lane) =>
      `<li><span class="swatch lane-${lane}"></span>${name}${lanes.length === 2 ? ", test" : ""}</li>`,
  );
  return `<ul class="legend">${items.join("")}<li><span class="swatch thin"></span>thin: training</li></ul>`;
}

function label(name: string, lanes: readonly LaneView[]): string {
  const ends = lanes.map(({ info, curves }) => {
    const last = curves.test[name as "loss" | "accuracy"].at(-1);
    if (last === undefined) return `${conditionLabel(info.condition)}: no epoch yet`;
    return `${conditionLabel(info.condition)}: ${name === "accuracy" ? percent(last) : last.toFixed(2)} after ${curves.test.at.length} epochs`;
  });
  return `${name} by epoch. ${ends.join("; ") || "Nothing has trained yet"}.`;
}

function caption(name: string, classes: number): string {
  const text =
    name === "accuracy"
      ? `Share of images classified right. Dotted: guessing among ${classes}.`
      : `Mean cross-entropy in nats. Dotted: guessing among ${classes}, ${Math.log(classes).toFixed(2)}.`;
  return `<p class="caption">${text}</p>`;
}

/** Exponential average: single batches jump. */
function smoothed(values: readonly number[]): number[] {
  let mean = values[0] ?? 0;
  return values.map((value, i) => {
    const weight = Math.max(0.12, 1 / (i + 1));
    mean += weight * (value - mean);
    return mean;
  });
}
