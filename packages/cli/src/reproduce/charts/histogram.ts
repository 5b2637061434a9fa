import type { GroupMark, Mark } from "vega";
import type { HistogramPanel } from "../figure.ts";
import { panelTitle, scaleOf, WIDTH } from "./panel.ts";

const HEIGHT = 220;

/** The first series as bars, the others as outlines above them. */
export function histogramGroup(panel: HistogramPanel, id: string): GroupMark {
  const bins = panel.series.flatMap(({ style, bins: all }) =>
    all.map((bin) => ({ style, ...bin })),
  );
  const steps = panel.series.slice(1).flatMap(({ style, bins: all }) =>
    all.flatMap(({ from, to, share }) => [
      { style, x: from, share },
      { style, x: to, share },
    ]),
  );
  const first = panel.series[0]?.style;
  const x = (field: string) => ({ scale: `${id}-x`, field });
  const y = { scale: `${id}-y`, field: "share" };
  const color = { scale: "color", field: "style" };
  return {
    name: id,
    type: "group",
    encode: { update: { width: { value: WIDTH }, height: { value: HEIGHT } } },
    title: panelTitle(panel.title),
    data: [
      { name: `${id}-bins`, values: bins.filter(({ style }) => style === first) },
      { name: `${id}-steps`, values: steps },
    ],
    scales: [
      scaleOf(panel.x, {
        name: `${id}-x`,
        range: [0, WIDTH],
        values: bins.flatMap(({ from, to }) => [from, to]),
        room: 0,
      }),
      scaleOf(panel.y, {
        name: `${id}-y`,
        range: [HEIGHT, 0],
        values: [0, 1.08 * Math.max(...bins.map(({ share }) => share))],
        room: 0,
      }),
    ],
    axes: [
      {
        scale: `${id}-y`,
        orient: "left",
        title: panel.y.title,
        grid: true,
        gridScale: `${id}-x`,
        domain: false,
        ticks: false,
        labelPadding: 6,
        tickCount: 5,
      },
      { scale: `${id}-x`, orient: "bottom", title: panel.x.title, tickCount: 8 },
    ],
    marks: [
      {
        type: "rect",
        name: `${id}-bars`,
        from: { data: `${id}-bins` },
        encode: {
          enter: {
            x: { ...x("from"), offset: 0.5 },
            x2: { ...x("to"), offset: -0.5 },
            y,
            y2: { scale: `${id}-y`, value: 0 },
            fill: color,
            fillOpacity: { value: 0.75 },
          },
        },
      },
      {
        name: `${id}-outlines`,
        type: "group",
        from: { facet: { name: `${id}-outline-rows`, data: `${id}-steps`, groupby: "style" } },
        marks: [
          {
            type: "line",
            name: `${id}-outline`,
            from: { data: `${id}-outline-rows` },
            encode: { enter: { x: x("x"), y, stroke: color, strokeWidth: { value: 1.6 } } },
          },
        ],
      } as Mark,
    ],
  };
}
