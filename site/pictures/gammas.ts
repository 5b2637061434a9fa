import { gammaEdges, type Lesson } from "./measure.ts";
import { element, linear, percent, picture, text } from "./svg.ts";

const size = { width: 500, height: 250 };
const plot = { left: 8, right: 492, top: 40, bottom: 200 };

/** All gammas of a network: as they were drawn, and where training took them. */
export function drawGammas({ before, after }: Lesson): string {
  const { minimum, maximum, bins } = gammaEdges;
  const most = Math.max(...before.gammas, ...after.gammas);
  const x = linear([minimum, maximum], [plot.left, plot.right]);
  const y = linear([0, most], [plot.bottom, plot.top]);
  const edge = (i: number) => x(minimum + (i * (maximum - minimum)) / bins);
  const bars = after.gammas.map((value, i) =>
    element("rect", {
      x: edge(i) + 1,
      y: y(value),
      width: edge(i + 1) - edge(i) - 2,
      height: plot.bottom - y(value),
      class: "trained",
    }),
  );
  const outline = before.gammas.map((value, i) => `L${edge(i)} ${y(value)}H${edge(i + 1)}`);
  return picture(
    `Distribution of gamma: between 0 and 1 as drawn, wider after training; below 0.01 are ${percent(before.off)}, then ${percent(after.off)}`,
    size,
    ...bars,
    element("path", { d: `M${plot.left} ${plot.bottom}${outline.join("")}`, class: "outline" }),
    element("path", { d: `M${plot.left} ${plot.bottom}H${plot.right}`, class: "axis" }),
    ...[-1, -0.5, 0, 0.5, 1, 1.5, 2].map((value) =>
      text(x(value), plot.bottom + 18, String(value), {
        "text-anchor": value === minimum ? "start" : value === maximum ? "end" : "middle",
      }),
    ),
    text(x(0.5), plot.bottom + 38, "gamma", { "text-anchor": "middle" }),
    element("path", { d: "M8 12h22", class: "outline" }),
    text(36, 16, "as drawn from the seed"),
    element("rect", { x: 232, y: 5, width: 22, height: 13, class: "trained" }),
    text(260, 16, "trained"),
  );
}
