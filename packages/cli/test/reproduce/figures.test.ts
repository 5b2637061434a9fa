import { describe, expect, test } from "vitest";
import { renderFigure } from "../../src/reproduce/charts/render.ts";
import type { Figure, LinePanel, RowPanel } from "../../src/reproduce/figure.ts";
import { figures } from "../../src/reproduce/figures/index.ts";
import { figuresOf } from "../../src/reproduce/figures-of-runs.ts";
import { depthOf, widthOf } from "../../src/reproduce/networks.ts";
import { specOf } from "../../src/reproduce/scales.ts";
import { type RecipeOptions, recipeOf } from "../../src/training/recipe.ts";
import { plantedRuns } from "./planted.ts";

const closed = (): never => {
  throw new Error("this figure opens no model");
};

const { signal } = new AbortController();

/** Marks of a name, in an SVG of vega: each is a child of the group of that name. */
function marks(svg: string, name: string): number {
  const groups = svg.matchAll(
    new RegExp(`<g class="mark-\\w+ role-mark ${name}"[^>]*(?<!/)>(.*?)</g>`, "gs"),
  );
  return [...groups].reduce(
    (sum, [, inside]) => sum + inside!.split(/<(?:path|line|text) /).length - 1,
    0,
  );
}

const draw = async (
  name: Parameters<typeof plantedRuns>[0],
  ...planted: [number, Parameters<typeof plantedRuns>[2]]
) => figures[name]({ ...plantedRuns(name, ...planted), open: closed, signal });

/** Rises with depth and width; conditions in the paper's order; seeds differ by a tenth of a point. */
const accuracies: Readonly<Record<string, number>> = {
  all: 0.9,
  "bn+shortcut+head": 0.7,
  bn: 0.5,
  "random-2": 0.3,
  none: 0.1,
};
const paperLike: Parameters<typeof plantedRuns>[2] = ({ network, condition, seed }) =>
  (accuracies[condition] ?? 0.4) + depthOf(network) / 1e5 + widthOf(network) / 1e4 + seed / 1000;

test("runs that a figure would draw alike are not averaged in it", () => {
  const { runs } = plantedRuns("depth", 1, paperLike);
  const alternate = runs.filter(({ configuration }) => configuration.batchNormInit === "oneOne");
  const fixed = alternate.map((run) => ({
    ...run,
    configuration: { ...run.configuration, batchNormInit: "fixed" as const },
  }));
  const named = (of: typeof runs): string[] => figuresOf(of).map(({ spec }) => spec.figure);
  expect(named(runs)).toContain("depth");
  expect(named([...runs, ...fixed])).not.toContain("depth");
});

test("bytes: other conditions have the style of others and are named", async () => {
  const { spec, runs } = plantedRuns("bytes", 1, paperLike);
  const ours = runs.filter(({ configuration }) => configuration.condition === "bn");
  const gamma = ours.map((run) => ({
    ...run,
    configuration: { ...run.configuration, condition: "gamma" as const },
  }));
  const { panels } = await figures.bytes({ spec, runs: [...ours, ...gamma], open: closed, signal });
  const [panel] = panels as [LinePanel];
  expect(panel.series.map(({ style }) => style)).toEqual(["bn", "other"]);
  expect(panel.series[1]!.points.map(({ label }) => label)).toContain("R-14, gamma only");
});

describe.each([1, 5])("with %d seeds", (seeds) => {
  test("depth: a point for each network and condition, the paper's beside them, bands", async () => {
    const figure = await draw("depth", seeds, paperLike);
    const [panel] = figure.panels as [LinePanel];
    expect(panel.series.map(({ style, points }) => [style, points.length])).toEqual([
      ["all", 7],
      ["bn+shortcut+head", 7],
      ["bn", 7],
      ["random", 7],
      ["shortcut+head", 7],
      ["none", 7],
      ["bn, alternate", 7],
    ]);
    const point = panel.series[2]!.points[0]!;
    expect(point).toMatchObject({ x: 14, label: "cifar-resnet-14" });
    expect(point.mean).toBeCloseTo(50.024 + (0.1 * (seeds - 1)) / 2, 6);
    expect([point.low, point.high]).toEqual([
      point.measured[0]!.value,
      point.measured.at(-1)!.value,
    ]);
    // Six columns of the paper's figure and one number of its text.
    expect(panel.published).toHaveLength(6 * 7 + 1);
    expect(figure.notes).toEqual([
      "BatchNorm-only accuracy rises with depth here, as in the paper.",
    ]);
    const svg = await renderFigure(figure);
    expect(marks(svg, "panel0-points-marks")).toBe(49);
    expect(marks(svg, "panel0-paper-points")).toBe(43);
    expect(marks(svg, "panel0-curve")).toBe(7);
    expect(marks(svg, "panel0-band")).toBe(7);
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
  });

  test("conditions: a bar for each, its seeds as dots", async () => {
    const figure = await draw("conditions", seeds, paperLike);
    expect(figure.panels.map((panel) => panel.title)).toEqual([
      "cifar-resnet-14",
      "cifar-resnet-110",
    ]);
    const svg = await renderFigure(figure);
    const { rows } = figure.panels[0] as RowPanel;
    expect(marks(svg, "panel0-bars")).toBe(rows.length);
    expect(marks(svg, "panel0-seed-points")).toBe(seeds === 1 ? 0 : seeds * rows.length);
    expect(marks(svg, "panel0-paper-points")).toBe(
      rows.flatMap(({ published }) => published).length,
    );
    expect(figure.notes[0]).toMatch(
      /^cifar-resnet-14: all parameters > .* > nothing, as in the paper\.$/,
    );
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
  });

  test.each(["width", "random-2", "gamma", "curves"] as const)(
    "%s: no number is lost on the way to the SVG",
    async (name) => {
      const svg = await renderFigure(await draw(name, seeds, paperLike));
      expect(svg).toMatch(/^<svg /);
      expect(svg).not.toMatch(/NaN|undefined|Infinity/);
    },
  );
});

describe("figures say where the paper's orderings do not hold", () => {
  test("depth", async () => {
    const { notes } = await draw("depth", 1, ({ network }) =>
      network === "cifar-resnet-110" ? 0.01 : depthOf(network) / 1000,
    );
    expect(notes).toEqual([
      "BatchNorm-only accuracy rises with depth in the paper; here it does not at cifar-resnet-110 1.0 % after cifar-resnet-56 5.6 %.",
    ]);
  });

  test("random-2", async () => {
    const { notes } = await draw("random-2", 1, ({ condition }) =>
      condition === "bn" ? 0.2 : 0.3,
    );
    expect(notes[0]).toContain(
      "in the paper; here it does not at cifar-resnet-14 20.0 % against 30.0 %",
    );
  });

  test("conditions", async () => {
    const { notes } = await draw("conditions", 1, ({ condition }) =>
      condition === "none" ? 0.95 : (accuracies[condition] ?? 0.4),
    );
    expect(notes[0]).toMatch(
      /the paper has .*; here nothing is not below 2 random weights a channel\.$/,
    );
  });
});

test.each([
  ["far behind the bar leaves its number there", 0.37, 37],
  ["right behind the bar has its number behind it", 0.47, 49.3],
])("conditions: a value of the paper %s", async (_, accuracy, at) => {
  const figure = await draw("conditions", 1, () => accuracy);
  const svg = await renderFigure(figure);
  const { rows } = figure.panels[0] as RowPanel;
  const row = rows.findIndex(({ name }) => name === "BatchNorm only");
  const values = svg.match(/role-mark panel0-values".*?<\/g>/s)![0];
  const places = [...values.matchAll(/translate\(([\d.]+),/g)].map(
    ([, x]) => (Number(x) - 8) / 4.6,
  );
  expect(places[row]).toBeCloseTo(at, 0);
});

test("gamma: shares of each condition add up to 100 %, and the planted zero counts as switched off", async () => {
  const figure: Figure = await draw("gamma", 2, paperLike);
  for (const panel of figure.panels) {
    if (panel.kind !== "histogram") throw new Error("no histogram");
    for (const { bins, note } of panel.series) {
      expect(bins.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(100, 9);
      expect(note).toContain("25.0 %");
    }
  }
});

test("curves: every epoch of every condition", async () => {
  const figure = await draw("curves", 2, paperLike);
  const [panel] = figure.panels as [LinePanel];
  expect(panel.series.map(({ points }) => points.length)).toEqual([160, 160, 160]);
  expect(panel.series[0]!.points.at(-1)!.high - panel.series[0]!.points.at(-1)!.low).toBeCloseTo(
    0.1,
    6,
  );
  expect(panel.published.length).toBeGreaterThan(10);
  const svg = await renderFigure(figure);
  expect(marks(svg, "panel0-drops")).toBe(2);
});

test("curves: dotted lines where the learning rate drops, with a warm-up too", async () => {
  const { spec, runs } = plantedRuns("curves", 1, paperLike);
  const { warmup, milestones } = specOf("imagenet", { scale: "paper" }).protocol;
  const warm = (length: number, at: readonly number[]) =>
    runs.map((stored) => ({
      ...stored,
      configuration: { ...stored.configuration, epochs: 90, warmup: length, milestones: at },
    }));
  const { trainImages } = runs[0]!.run.record;
  const fiveEpochs = 5 * Math.ceil(trainImages / runs[0]!.configuration.batchSize);
  for (const length of [warmup!, fiveEpochs]) {
    const figure = await figures.curves({
      spec,
      runs: warm(length, milestones!),
      open: closed,
      signal,
    });
    const [panel] = figure.panels as [LinePanel];
    // The paper's epochs of ImageNet.
    [30, 60, 80].forEach((epoch, i) => expect(panel.marks![i]!.x).toBeCloseTo(epoch, 9));
  }
});

test("the paper's recipe for ImageNet drops the learning rate at epochs 30, 60 and 80", () => {
  const { schedule } = recipeOf(specOf("imagenet", { scale: "paper" }).protocol as RecipeOptions);
  const steps = 90 * 1252;
  for (const epoch of [30, 60, 80]) {
    const [before, after] = [schedule(epoch * 1252 - 1, steps), schedule(epoch * 1252, steps)];
    expect(after / before).toBeCloseTo(0.1, 9);
  }
});

test("a network of a single run has a figure, too", async () => {
  const { spec, runs } = plantedRuns("depth", 1, paperLike);
  const one = runs
    .filter(
      ({ configuration }) =>
        configuration.network === "cifar-resnet-14" && configuration.condition === "bn",
    )
    .slice(0, 1);
  const figure = await figures.depth({ spec, runs: one, open: closed, signal });
  expect(figure.notes).toEqual(["One network shows nothing about depth."]);
  expect(await renderFigure(figure)).not.toMatch(/NaN|undefined|Infinity/);
});
