import type { Lesson } from "./measure.ts";
import { count, curve, element, linear, percent, picture, ruler, text } from "./svg.ts";

const size = { width: 500, height: 290 };
const plot = { left: 48, right: 300, top: 12, bottom: 246 };
const names: Readonly<Record<string, string>> = {
  bn: "BatchNorm only",
  head: "output layer only",
  all: "everything",
};

/** Test accuracy after each epoch, for networks that begin with the same weights. */
export function drawLessons(lessons: readonly Lesson[], classes = 10): string {
  const epochs = lessons[0]!.accuracies.length;
  const x = linear([0, epochs], [plot.left, plot.right]);
  const y = linear([0, 1], [plot.bottom, plot.top]);
  const labels = apart(
    lessons.map(({ accuracies }) => y(accuracies.at(-1)!)),
    38,
  );
  const curves = lessons.flatMap(({ condition, trained, accuracies }, i) => {
    const last = accuracies.at(-1)!;
    return [
      curve(accuracies, x, y, `curve ${condition}`),
      text(plot.right + 8, labels[i]! + 1, `${names[condition]}, ${percent(last)}`, {
        class: "strong",
      }),
      text(plot.right + 8, labels[i]! + 18, `${count(trained)} numbers`),
    ];
  });
  const guess = y(1 / classes);
  return picture(
    `Test accuracy: ${lessons.map(({ condition, accuracies }) => `${names[condition]} ${percent(accuracies.at(-1)!)}`).join(", ")}`,
    size,
    ...ruler(plot, y, [0, 0.25, 0.5, 0.75, 1]),
    element("path", { d: `M${plot.left} ${guess}H${plot.right}`, class: "axis dotted" }),
    text(plot.right + 8, guess + 4, "guessing"),
    ...Array.from({ length: epochs }, (_, i) =>
      text(x(i + 1), plot.bottom + 18, String(i + 1), { "text-anchor": "middle" }),
    ),
    text((plot.left + plot.right) / 2, plot.bottom + 36, "epoch", { "text-anchor": "middle" }),
    ...curves,
  );
}

/** Places from the top down, moved until they are this far from each other. */
function apart(places: readonly number[], distance: number): number[] {
  const order = places.map((_, i) => i).sort((a, b) => places[a]! - places[b]!);
  const moved = [...places];
  order.slice(1).forEach((index, i) => {
    moved[index] = Math.max(moved[index]!, moved[order[i]!]! + distance);
  });
  return moved;
}
