import type { GroupMark } from "vega";
import type { RowPanel } from "../figure.ts";
import type { PublishedValue } from "../published/published.ts";
import { panelTitle, scaleOf, WIDTH } from "./panel.ts";
import { textWidth } from "./text-width.ts";
import { FONT, INK } from "./theme.ts";

const ROW = 28;
const LABEL = 12;

/** Left of the bars. */
export const rowLabelWidth = (panel: RowPanel): number =>
  8 + Math.max(...panel.rows.map(({ name }) => textWidth(name, LABEL)));

/** Of a number behind its bar, with the space around it. */
const LABEL_ROOM = 44;

/** Where behind a bar there is room for its number: at its end, or behind a published value that stands there. */
function freeAfter(end: number, published: readonly PublishedValue[], room: number): number {
  const inTheWay = published.filter(({ low, high }) => high > end - room / 4 && low < end + room);
  return Math.max(end, ...inTheWay.map(({ high }) => high));
}

/** A bar for each condition, its seeds as dots, and the published value as an open symbol. */
export function rowGroup(panel: RowPanel, id: string): GroupMark {
  const height = ROW * panel.rows.length;
  const [from, to] = panel.x.domain ?? [0, Math.max(...panel.rows.map(({ point }) => point.high))];
  const perPixel = (to - from) / WIDTH;
  const rows = panel.rows.map(({ name, style, point, published }) => ({
    name,
    style,
    mean: point.mean,
    low: point.low,
    high: point.high,
    free: freeAfter(point.high, published, LABEL_ROOM * perPixel),
    text: point.mean.toFixed(1),
  }));
  const seeds = panel.rows.flatMap(({ name, point }) =>
    point.measured.length < 2 ? [] : point.measured.map(({ value }) => ({ name, value })),
  );
  const paper = panel.rows.flatMap(({ name, style, published }) =>
    published.map(({ value, low, high, certainty }) => ({
      name,
      style,
      value,
      low,
      high,
      certainty,
    })),
  );
  const x = (field: string) => ({ scale: `${id}-x`, field });
  const middle = { scale: `${id}-y`, field: "name", band: 0.5 };
  const color = { scale: "color", field: "style" };
  return {
    name: id,
    type: "group",
    encode: { update: { width: { value: WIDTH }, height: { value: height } } },
    ...(panel.title !== undefined && { title: panelTitle(panel.title) }),
    data: [
      { name: `${id}-rows`, values: rows },
      { name: `${id}-seeds`, values: seeds },
      { name: `${id}-paper`, values: paper },
    ],
    scales: [
      scaleOf(panel.x, {
        name: `${id}-x`,
        range: [0, WIDTH],
        values: [0, ...rows.map(({ high }) => high)],
        room: 0,
      }),
      {
        name: `${id}-y`,
        type: "band",
        domain: rows.map(({ name }) => name),
        range: [0, height],
        paddingInner: 0.35,
        paddingOuter: 0.2,
      },
    ],
    axes: [
      {
        scale: `${id}-x`,
        orient: "bottom",
        title: panel.x.title,
        grid: true,
        gridScale: `${id}-y`,
        domain: false,
        tickCount: 6,
      },
      {
        scale: `${id}-y`,
        orient: "left",
        domain: false,
        ticks: false,
        labelPadding: 8,
        labelFontSize: LABEL,
        labelColor: INK,
        labelLimit: 0,
      },
    ],
    marks: [
      {
        type: "rect",
        name: `${id}-bars`,
        from: { data: `${id}-rows` },
        encode: {
          enter: {
            x: { scale: `${id}-x`, value: 0 },
            x2: x("mean"),
            y: { scale: `${id}-y`, field: "name" },
            height: { scale: `${id}-y`, band: 1 },
            fill: color,
            fillOpacity: { value: 0.85 },
          },
        },
      },
      {
        type: "text",
        name: `${id}-values`,
        from: { data: `${id}-rows` },
        encode: {
          enter: {
            x: x("free"),
            dx: { value: 8 },
            y: middle,
            text: { field: "text" },
            baseline: { value: "middle" },
            font: { value: FONT },
            fontSize: { value: 11 },
            fill: { value: INK },
          },
        },
      },
      {
        type: "rule",
        name: `${id}-ranges`,
        from: { data: `${id}-rows` },
        encode: {
          enter: {
            x: x("low"),
            x2: x("high"),
            y: middle,
            stroke: { value: INK },
            strokeWidth: { value: 1.5 },
          },
        },
      },
      {
        type: "symbol",
        name: `${id}-seed-points`,
        from: { data: `${id}-seeds` },
        encode: {
          enter: {
            x: x("value"),
            y: middle,
            size: { value: 22 },
            fill: { value: "white" },
            stroke: { value: INK },
            strokeWidth: { value: 1 },
          },
        },
      },
      {
        type: "rule",
        name: `${id}-paper-intervals`,
        from: { data: `${id}-paper` },
        encode: {
          enter: {
            x: x("low"),
            x2: x("high"),
            y: middle,
            stroke: color,
            strokeWidth: { value: 1.5 },
          },
        },
      },
      {
        type: "symbol",
        name: `${id}-paper-points`,
        from: { data: `${id}-paper` },
        encode: {
          enter: {
            x: x("value"),
            y: middle,
            shape: { value: "diamond" },
            size: { value: 70 },
            fill: { value: "white" },
            stroke: color,
            strokeWidth: { value: 1.5 },
            strokeDash: { scale: "certainty", field: "certainty" },
          },
        },
      },
    ],
  };
}
