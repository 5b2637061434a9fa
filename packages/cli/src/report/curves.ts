import type { EpochEvent } from "@bn-only/trainer";
import { line } from "d3-shape";
import { figure, frame, type Frame, legend } from "./axes.ts";

interface Series {
  readonly name: string;
  /** Style class: `train` or `test`. */
  readonly kind: "train" | "test";
  readonly values: readonly (number | undefined)[];
}

const percent = (share: number): string => `${Math.round(100 * share)} %`;

/** Accuracy per epoch, from zero, since the height is the message. */
export function accuracyChart(history: readonly EpochEvent[]): string {
  const series: Series[] = [
    {
      name: "training, while it moves",
      kind: "train",
      values: history.map((e) => e.trainAccuracy),
    },
    { name: "test", kind: "test", values: history.map((e) => e.testAccuracy) },
  ];
  const top = Math.min(1, 1.15 * rangeOf(series).high);
  const axes = frame(epochAxis(history), { domain: [0, top], label: "accuracy", format: percent });
  const last = history.at(-1)!.testAccuracy ?? 0;
  const caption = `Share of images classified right. The last epoch ends at ${(100 * last).toFixed(2)} % on test images.`;
  return figure(
    "Accuracy",
    caption,
    axes.svg + series.map((s) => curve(s, axes)).join(""),
    legend(series),
  );
}

/** Mean cross-entropy per epoch. */
export function lossChart(history: readonly EpochEvent[], classes: number): string {
  const series: Series[] = [
    { name: "training, while it moves", kind: "train", values: history.map((e) => e.trainLoss) },
    { name: "test", kind: "test", values: history.map((e) => e.testLoss) },
  ];
  const { low, high } = rangeOf(series);
  const room = Math.max(0.02, (high - low) * 0.12);
  const axes = frame(epochAxis(history), {
    domain: [Math.max(0, low - room), high + room],
    label: "cross-entropy (nats)",
    format: (value) => value.toFixed(2),
  });
  const caption = `Mean cross-entropy. Guessing among ${classes} classes gives ${Math.log(classes).toFixed(2)}.`;
  return figure(
    "Loss",
    caption,
    axes.svg + series.map((s) => curve(s, axes)).join(""),
    legend(series),
  );
}

function epochAxis({ length }: readonly EpochEvent[]) {
  return {
    // A single epoch stands in the middle.
    domain: length === 1 ? ([0, 2] as const) : ([1, length] as const),
    label: "epoch",
    ticks: length === 1 ? 2 : Math.min(length, 8),
    format: (tick: number) =>
      Number.isInteger(tick) && tick >= 1 && tick <= length ? String(tick) : "",
  };
}

/** One by one: a run may have more epochs than a call has arguments. */
function rangeOf(series: readonly Series[]): { low: number; high: number } {
  let [low, high] = [Infinity, -Infinity];
  for (const { values } of series) {
    for (const value of values) {
      if (value === undefined) continue;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  return { low, high };
}

function curve({ kind, values }: Series, { x, y }: Frame): string {
  const points = values.flatMap((value, i): [number, number][] =>
    value === undefined ? [] : [[x(i + 1), y(value)]],
  );
  const dots =
    points.length > 40
      ? ""
      : points
          .map(([cx, cy]) => `<circle class="${kind}" cx="${cx}" cy="${cy}" r="3.5"/>`)
          .join("");
  return `<path class="curve ${kind}" d="${line()(points) ?? ""}"/>${dots}`;
}
