import type { Config } from "vega";

export const FONT = "Helvetica, Arial, 'Liberation Sans', sans-serif";
export const INK = "#1c1b19";
export const SOFT = "#5f5c55";
const RULE = "#e2dfd6";

/** Black on white, thin lines, nothing that does not carry a number. */
export const theme: Config = {
  background: "white",
  padding: 14,
  title: {
    font: FONT,
    fontSize: 17,
    fontWeight: 700,
    color: INK,
    subtitleFont: FONT,
    subtitleFontSize: 12,
    subtitleColor: SOFT,
    subtitlePadding: 5,
    anchor: "start",
    frame: "bounds",
    offset: 12,
  },
  axis: {
    labelFont: FONT,
    labelFontSize: 11,
    labelColor: SOFT,
    titleFont: FONT,
    titleFontSize: 12,
    titleFontWeight: 400,
    titleColor: INK,
    titlePadding: 8,
    domainColor: SOFT,
    tickColor: SOFT,
    tickSize: 4,
    gridColor: RULE,
  },
  legend: {
    labelFont: FONT,
    labelFontSize: 12,
    labelColor: INK,
    labelLimit: 0,
    columnPadding: 18,
    rowPadding: 4,
    symbolSize: 70,
    layout: { top: { direction: "vertical", anchor: "start", margin: 6 } },
  } as NonNullable<Config["legend"]>,
};
