import { scaleLinear } from "d3-scale";
import { escape } from "./escape.ts";

const WIDTH = 560;
const HEIGHT = 320;
const margin = { top: 36, right: 18, bottom: 50, left: 52 };

type Scale = (value: number) => number;

export interface Frame {
  readonly x: Scale;
  readonly y: Scale;
  /** The SVG of grid, ticks and axis names, to draw below the data. */
  readonly svg: string;
}

export interface AxisOptions {
  readonly domain: readonly [number, number];
  readonly label: string;
  readonly format?: (value: number) => string;
  readonly ticks?: number;
}

/** Scales and axes of a chart of `WIDTH` by `HEIGHT`. */
export function frame(horizontal: AxisOptions, vertical: AxisOptions): Frame {
  const x = scaleLinear()
    .domain(horizontal.domain)
    .range([margin.left, WIDTH - margin.right]);
  const y = scaleLinear()
    .domain(vertical.domain)
    .range([HEIGHT - margin.bottom, margin.top]);
  const bottom = HEIGHT - margin.bottom;
  const formatX = horizontal.format ?? String;
  const formatY = vertical.format ?? String;

  const rows = y
    .ticks(vertical.ticks ?? 5)
    .map(
      (tick) =>
        `<line class="grid" x1="${margin.left}" x2="${WIDTH - margin.right}" y1="${y(tick)}" y2="${y(tick)}"/>` +
        `<text class="tick" x="${margin.left - 8}" y="${y(tick) + 5}" text-anchor="end">${escape(formatY(tick))}</text>`,
    );
  const columns = x
    .ticks(horizontal.ticks ?? 8)
    .map(
      (tick) =>
        `<text class="tick" x="${x(tick)}" y="${bottom + 20}" text-anchor="middle">${escape(formatX(tick))}</text>`,
    );
  const names =
    `<line class="axis" x1="${margin.left}" x2="${WIDTH - margin.right}" y1="${bottom}" y2="${bottom}"/>` +
    `<text class="name" x="${(margin.left + WIDTH - margin.right) / 2}" y="${HEIGHT - 6}" text-anchor="middle">${escape(horizontal.label)}</text>` +
    `<text class="name" x="0" y="14">${escape(vertical.label)}</text>`;
  return { x, y, svg: rows.join("") + columns.join("") + names };
}

/** A titled SVG figure with a caption that says what to see. */
export function figure(title: string, caption: string, body: string, names: string): string {
  return (
    `<figure><h3>${escape(title)}</h3>${names}` +
    `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escape(`${title}. ${caption}`)}">${body}</svg>` +
    `<figcaption>${escape(caption)}</figcaption></figure>`
  );
}

/** Coloured names of what a chart shows. */
export function legend(
  entries: readonly { readonly name: string; readonly kind: string }[],
): string {
  const items = entries.map(
    ({ name, kind }) => `<li><span class="swatch ${kind}"></span>${escape(name)}</li>`,
  );
  return `<ul class="legend">${items.join("")}</ul>`;
}
