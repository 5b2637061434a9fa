import type { GroupMark, Legend, Scale, Spec } from "vega";
import type { Figure, Panel } from "../figure.ts";
import { certainties, type Certainty } from "../published/published.ts";
import { type StyleName, styleNames, styleOf } from "../styles.ts";
import { histogramGroup } from "./histogram.ts";
import { lineGroup } from "./lines.ts";
import { WIDTH } from "./panel.ts";
import { rowGroup, rowLabelWidth } from "./rows.ts";
import { textWidth, wrap } from "./text-width.ts";
import { FONT, SOFT, theme } from "./theme.ts";

const COLUMNS = 2;
const GAP = 36;

/** A part of vega that its types leave out: how wide texts are, where there is no canvas. */
interface TextMetrics {
  width: (item: { readonly fontSize?: number }, text: unknown) => number;
}

/** The SVG of a figure. The library is loaded here and nowhere else: nothing but figures needs it. */
export async function renderFigure(figure: Figure): Promise<string> {
  const vega = await import("vega");
  const { parse, View } = vega;
  const { textMetrics } = vega as unknown as { readonly textMetrics: TextMetrics };
  textMetrics.width = ({ fontSize = 11 }, text) => textWidth(String(text), fontSize);
  const view = new View(parse(specOf(figure), theme), { renderer: "none" });
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}

function specOf({ title, subtitle, panels, notes }: Figure): Spec {
  const styles = styleNames.filter((name) => panels.some((panel) => stylesOf(panel).has(name)));
  const known = [...new Set(panels.flatMap(certaintiesOf))];
  const columns = Math.min(COLUMNS, panels.length);
  const left = Math.max(...panels.map(leftOf));
  const width = columns * (WIDTH + left) + (columns - 1) * GAP;
  return {
    title: { text: title, subtitle: wrap(subtitle, 12, width) },
    layout: { padding: GAP, columns, bounds: "full", align: "each" },
    scales: [...styleScales(styles), ...originScales(known)],
    legends: [
      ...(styles.length > 0 ? [styleLegend] : []),
      ...(known.length > 0 ? [originLegend] : []),
    ],
    marks: [
      ...panels.map((panel, i) => groupOf(panel, `panel${i}`)),
      {
        name: "notes",
        type: "group",
        role: "column-footer",
        title: {
          text: [...notes, ...certaintyNote(known)].flatMap((note) => wrap(note, 11, width)),
          orient: "bottom",
          anchor: "start",
          frame: "group",
          font: FONT,
          fontSize: 11,
          fontWeight: 400,
          color: SOFT,
          lineHeight: 15,
          offset: 8,
          dx: -left,
        },
      } as GroupMark,
    ],
  };
}

function groupOf(panel: Panel, id: string): GroupMark {
  if (panel.kind === "lines") return lineGroup(panel, id);
  return panel.kind === "rows" ? rowGroup(panel, id) : histogramGroup(panel, id);
}

/** What stands left of a panel's own space. */
function leftOf(panel: Panel): number {
  return panel.kind === "rows" ? rowLabelWidth(panel) : 54;
}

function stylesOf(panel: Panel): Set<StyleName> {
  if (panel.kind === "rows") return new Set();
  return new Set(panel.series.map(({ style }) => style));
}

function certaintiesOf(panel: Panel): Certainty[] {
  if (panel.kind === "histogram") return [];
  const published =
    panel.kind === "lines" ? panel.published : panel.rows.flatMap((row) => row.published);
  return published.map(({ certainty }) => certainty);
}

const ordinal = (name: string, domain: readonly string[], range: readonly unknown[]): Scale =>
  ({ name, type: "ordinal", domain: [...domain], range: [...range] }) as Scale;

function styleScales(styles: readonly StyleName[]): Scale[] {
  const shown = styles.map((name) => styleOf(name).name);
  return [
    ordinal(
      "color",
      styleNames,
      styleNames.map((name) => styleOf(name).color),
    ),
    ordinal(
      "shape",
      styleNames,
      styleNames.map((name) => styleOf(name).shape),
    ),
    ordinal(
      "names",
      shown,
      styles.map((name) => styleOf(name).color),
    ),
    ordinal(
      "name-shapes",
      shown,
      styles.map((name) => styleOf(name).shape),
    ),
  ];
}

const styleLegend: Legend = {
  orient: "top",
  direction: "horizontal",
  fill: "names",
  shape: "name-shapes",
  columns: 3,
};

/** Full symbols are ours, open ones the paper's, broken ones what nobody has verified. */
function originScales(known: readonly Certainty[]): Scale[] {
  const dash = (certainty: Certainty): number[] => (certainty === "recalled" ? [2, 2] : []);
  const origins = [
    { name: "measured here", fill: SOFT, dash: [] },
    ...(known.some((certainty) => certainty !== "recalled")
      ? [{ name: "the paper", fill: "white", dash: [] }]
      : []),
    ...(known.includes("recalled")
      ? [{ name: "the paper, recalled", fill: "white", dash: dash("recalled") }]
      : []),
  ];
  const names = origins.map(({ name }) => name);
  return [
    ordinal("certainty", known, known.map(dash)),
    ordinal(
      "origins",
      names,
      origins.map(({ fill }) => fill),
    ),
    ordinal(
      "origin-dashes",
      names,
      origins.map((origin) => origin.dash),
    ),
  ];
}

/** How sure the numbers are that are shown. */
function certaintyNote(known: readonly Certainty[]): string[] {
  if (known.length === 0) return [];
  return [
    `The paper's numbers, each after its full protocol, are ${known.map((one) => certainties[one]).join(", or ")}.`,
  ];
}

const originLegend: Legend = {
  orient: "top",
  direction: "horizontal",
  columns: 3,
  fill: "origins",
  strokeDash: "origin-dashes",
  symbolType: "circle",
  encode: { symbols: { update: { stroke: { value: SOFT }, strokeWidth: { value: 1.5 } } } },
};
