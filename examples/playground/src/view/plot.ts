const WIDTH = 560;
const HEIGHT = 300;
const margin = { top: 14, right: 14, bottom: 46, left: 52 };

export interface Axis {
  readonly domain: readonly [number, number];
  readonly label: string;
  readonly format: (value: number) => string;
}

export interface Plot {
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
  /** Grid, ticks and names, to draw below the data. */
  readonly axes: string;
}

/** Scales and axes of a chart; the report of `bn-only train` has the same. */
export function plot(horizontal: Axis, vertical: Axis): Plot {
  const x = scale(horizontal.domain, [margin.left, WIDTH - margin.right]);
  const y = scale(vertical.domain, [HEIGHT - margin.bottom, margin.top]);
  const right = WIDTH - margin.right;
  const bottom = HEIGHT - margin.bottom;
  const rows = ticks(vertical.domain, 4).map(
    (tick) =>
      `<line class="grid" x1="${margin.left}" x2="${right}" y1="${y(tick)}" y2="${y(tick)}"/>` +
      `<text class="tick" x="${margin.left - 8}" y="${y(tick) + 5}" text-anchor="end">${vertical.format(tick)}</text>`,
  );
  const columns = ticks(horizontal.domain, 6).map(
    (tick) =>
      `<text class="tick" x="${x(tick)}" y="${bottom + 19}" text-anchor="middle">${horizontal.format(tick)}</text>`,
  );
  const names =
    `<line class="axis" x1="${margin.left}" x2="${right}" y1="${bottom}" y2="${bottom}"/>` +
    `<text class="name" x="${(margin.left + right) / 2}" y="${HEIGHT - 5}" text-anchor="middle">${horizontal.label}</text>`;
  return { x, y, axes: rows.join("") + columns.join("") + names };
}

export function svg(label: string, content: string): string {
  return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${label}">${content}</svg>`;
}

/** A line through points, as an SVG path. */
export function path(
  at: readonly number[],
  values: readonly number[],
  { x, y }: Pick<Plot, "x" | "y">,
): string {
  return at
    .map((value, i) => `${i === 0 ? "M" : "L"}${short(x(value))} ${short(y(values[i]!))}`)
    .join("");
}

export function short(value: number): string {
  return value.toFixed(1);
}

function scale(
  [low, high]: readonly [number, number],
  [from, to]: readonly [number, number],
): (value: number) => number {
  const factor = (to - from) / (high - low || 1);
  return (value) => from + (value - low) * factor;
}

/** Round numbers inside a domain, about `wanted` of them. */
export function ticks([low, high]: readonly [number, number], wanted: number): number[] {
  const raw = (high - low || 1) / wanted;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= raw * 0.99)!;
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step);
}
