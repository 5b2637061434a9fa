import type { Lesson } from "./measure.ts";
import { element, linear, picture, text } from "./svg.ts";

const pixel = 8;
const tile = 3 * pixel;
const step = tile + 5;
const left = 92;
const bar = 46;

/** The first layer before and after training: the same filters, other scales. */
export function drawFilters({ before, after }: Lesson): string {
  const channels = before.gamma.length;
  const largest = Math.max(...[...before.gamma, ...after.gamma].map(Math.abs));
  const rows = [
    { title: "as drawn", look: before, top: 0 },
    { title: "trained", look: after, top: tile + bar + 34 },
  ];
  return picture(
    "The 16 filters of the first layer are the same before and after training, the scales are not",
    { width: left + channels * step, height: 2 * (tile + bar) + 44 },
    ...rows.flatMap(({ title, look, top }) => [
      text(0, top + 17, title, { class: "strong" }),
      text(0, top + tile + bar / 2 + 10, "gamma"),
      ...filterTiles(look.filters, channels, top),
      ...scaleBars(look.gamma, largest, top + tile + 6),
    ]),
  );
}

/** `[3, 3, 3, channels]`, each channel as nine pixels of its colours. */
function filterTiles(filters: Float32Array, channels: number, top: number): string[] {
  const largest = Math.max(...filters.map(Math.abs));
  const shade = linear([-largest, largest], [0, 255]);
  return Array.from({ length: 9 * channels }, (_, i) => {
    const [channel, place] = [i % channels, Math.floor(i / channels)];
    const colour = [0, 1, 2].map((c) =>
      Math.round(shade(filters[(place * 3 + c) * channels + channel]!)),
    );
    return element("rect", {
      x: left + channel * step + (place % 3) * pixel,
      y: top + Math.floor(place / 3) * pixel,
      width: pixel,
      height: pixel,
      fill: `rgb(${colour.join(" ")})`,
    });
  });
}

function scaleBars(gamma: Float32Array, largest: number, top: number): string[] {
  const y = linear([-largest / 4, largest], [top + bar, top]);
  const zero = y(0);
  const bars = [...gamma].map((value, channel) =>
    element("rect", {
      x: left + channel * step + 4,
      y: Math.min(zero, y(value)),
      width: tile - 8,
      height: Math.abs(y(value) - zero),
      class: "trained",
    }),
  );
  const width = gamma.length * step;
  return [...bars, element("path", { d: `M${left} ${zero}h${width - 5}`, class: "axis" })];
}
