import type { GroupMark, Mark } from "vega";
import type { LinePanel } from "../figure.ts";
import { panelTitle, scaleOf, WIDTH } from "./panel.ts";
import { FONT, INK, SOFT } from "./theme.ts";

const HEIGHT = 300;

/** Curves with bands over the seeds, and the published values as open symbols with their intervals. */
export function lineGroup(panel: LinePanel, id: string): GroupMark {
  const { x, y, series, published, labelled = false, marks = [] } = panel;
  const points = series.flatMap(({ style, points: all }) =>
    all.map(({ x: at, label, mean, low, high }) => ({
      style,
      x: at,
      label: label ?? "",
      mean,
      low,
      high,
    })),
  );
  const crowded = series.some(({ points: all }) => all.length > 40);
  const at = (field: string, scale: string) => ({ scale: `${id}-${scale}`, field });
  const place = { x: at("x", "x"), y: at("mean", "y") };
  const paper = published.map(({ x: where, value, low, high, style, certainty }) => ({
    style,
    x: where,
    value,
    low,
    high,
    certainty,
  }));
  const facet = (name: string, data: string, inside: Mark[]): Mark => ({
    name: `${id}-${name}`,
    type: "group",
    from: { facet: { name: `${id}-${name}-rows`, data: `${id}-${data}`, groupby: "style" } },
    marks: inside.map((mark) => ({ ...mark, from: { data: `${id}-${name}-rows` } })) as Mark[],
  });
  const stroke = { scale: "color", field: "style" };
  return {
    name: id,
    type: "group",
    encode: { update: { width: { value: WIDTH }, height: { value: HEIGHT } } },
    ...(panel.title !== undefined && { title: panelTitle(panel.title) }),
    data: [
      { name: `${id}-points`, values: points },
      { name: `${id}-paper`, values: paper },
      { name: `${id}-marks`, values: [...marks] },
    ],
    scales: [
      scaleOf(x, {
        name: `${id}-x`,
        range: [0, WIDTH],
        values: [...points, ...paper].map((point) => point.x),
        room: 0.06,
      }),
      scaleOf(y, {
        name: `${id}-y`,
        range: [HEIGHT, 0],
        values: [
          ...points.flatMap(({ low, high }) => [low, high]),
          ...paper.flatMap(({ low, high }) => [low, high]),
        ],
        room: 0.05,
      }),
    ],
    axes: [
      {
        scale: `${id}-y`,
        orient: "left",
        title: y.title,
        grid: true,
        gridScale: `${id}-x`,
        domain: false,
        ticks: false,
        labelPadding: 6,
        tickCount: 6,
        ...(y.format !== undefined && { format: y.format }),
      },
      {
        scale: `${id}-x`,
        orient: "bottom",
        title: x.title,
        ...(x.ticks ? { values: [...x.ticks] } : { tickCount: 8 }),
        ...(x.format !== undefined ? { format: x.format } : x.ticks && { format: "" }),
        labelOverlap: true,
      },
    ],
    marks: [
      {
        type: "rule",
        name: `${id}-drops`,
        from: { data: `${id}-marks` },
        encode: {
          enter: {
            x: at("x", "x"),
            y: { value: 0 },
            y2: { value: HEIGHT },
            stroke: { value: SOFT },
            strokeDash: { value: [2, 3] },
          },
        },
      },
      facet("bands", "points", [
        {
          type: "area",
          name: `${id}-band`,
          sort: { field: "datum.x" },
          encode: {
            enter: {
              x: at("x", "x"),
              y: at("low", "y"),
              y2: at("high", "y"),
              fill: stroke,
              fillOpacity: { value: labelled ? 0 : 0.22 },
            },
          },
        },
      ]),
      facet("paper-curves", "paper", [
        {
          type: "line",
          name: `${id}-paper-curve`,
          sort: { field: "datum.x" },
          encode: {
            enter: {
              x: at("x", "x"),
              y: at("value", "y"),
              stroke,
              strokeWidth: { value: 1.2 },
              strokeDash: { value: [4, 3] },
            },
          },
        },
      ]),
      facet("curves", "points", [
        {
          type: "line",
          name: `${id}-curve`,
          sort: { field: "datum.x" },
          encode: { enter: { ...place, stroke, strokeWidth: { value: labelled ? 0.8 : 2 } } },
        },
      ]),
      ...(labelled ? [labels(id, "halo")] : []),
      {
        type: "rule",
        name: `${id}-paper-intervals`,
        from: { data: `${id}-paper` },
        encode: {
          enter: {
            x: at("x", "x"),
            y: at("low", "y"),
            y2: at("high", "y"),
            stroke,
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
            x: at("x", "x"),
            y: at("value", "y"),
            shape: { scale: "shape", field: "style" },
            size: { value: 110 },
            fill: { value: "white" },
            stroke,
            strokeWidth: { value: 1.5 },
            strokeDash: { scale: "certainty", field: "certainty" },
          },
        },
      },
      {
        type: "rule",
        name: `${id}-ranges`,
        from: { data: `${id}-points` },
        encode: {
          enter: {
            x: at("x", "x"),
            y: at("low", "y"),
            y2: at("high", "y"),
            stroke,
            strokeWidth: { value: labelled ? 1.5 : 0 },
          },
        },
      },
      {
        type: "symbol",
        name: `${id}-points-marks`,
        from: { data: `${id}-points` },
        encode: {
          enter: {
            ...place,
            shape: { scale: "shape", field: "style" },
            size: { value: crowded ? 0 : 50 },
            fill: stroke,
            stroke: { value: "white" },
            strokeWidth: { value: 0.7 },
          },
        },
      },
      ...(labelled ? [labels(id, "labels")] : []),
    ],
  };
}

/** The names of points, beside them where there is room; a white halo keeps lines off them. */
function labels(id: string, name: "halo" | "labels"): Mark {
  return {
    type: "text",
    name: `${id}-${name}`,
    from: { data: `${id}-points` },
    encode: {
      enter: {
        x: { scale: `${id}-x`, field: "x" },
        y: { scale: `${id}-y`, field: "mean" },
        text: { field: "label" },
        font: { value: FONT },
        fontSize: { value: 10 },
        ...(name === "halo"
          ? { stroke: { value: "white" }, strokeWidth: { value: 3 } }
          : { fill: { value: INK } }),
      },
    },
    transform: [
      {
        type: "label",
        size: [WIDTH, HEIGHT],
        anchor: ["top-right", "bottom-right", "top-left", "bottom-left", "right", "left"],
        offset: [5, 5, 5, 5, 8, 8],
        padding: 40,
      },
    ],
  };
}
