import type { Distribution } from "@bn-only/trainer";
import { count, percent, table } from "../../format.ts";
import type { ModelAnalysis } from "./analysis.ts";
import { markedThreshold } from "./marked-threshold.ts";

/** What was found in one model or in two, for people: at most 80 columns. */
export function analysisText(models: readonly ModelAnalysis[]): string {
  const names = models.length === 1 ? [""] : ["A", "B"];
  const parts = models.map((model, i) =>
    [heading(model, names[i]!), affineTable(model)].join("\n\n"),
  );
  return [
    ...parts,
    thresholdTable(models, names),
    ...models.flatMap((model, i) => zeroLine(model, names[i]!)),
    ...layerTables(models, names),
  ].join("\n\n");
}

function heading({ network, condition, seed, tested, file }: ModelAnalysis, name: string): string {
  const from = seed === undefined ? "" : `, seed ${seed}`;
  const accuracy =
    tested === undefined
      ? ""
      : `\n${percent(tested.thresholds[0]!.accuracy)} of ${count(tested.images)} test images of ${tested.dataset}`;
  return `${name && `${name}: `}${network}, condition ${condition}${from}\n${file}${accuracy}`;
}

function affineTable({ affine: { overall } }: ModelAnalysis): string {
  const kinds = [
    ["gamma", overall.gamma],
    ["beta", overall.beta],
  ] as const;
  const found = kinds.flatMap(([name, values]) => (values ? [[name, values] as const] : []));
  const rows = found.map(([name, values]) => [
    name,
    count(values.count),
    ...[values.mean, values.deviation, values.minimum, ...values.quantiles, values.maximum].map(
      decimal,
    ),
    share(values.negative),
  ]);
  const header = [
    "",
    "n",
    "mean",
    "sd",
    "min",
    "5 %",
    "25 %",
    "50 %",
    "75 %",
    "95 %",
    "max",
    "< 0",
  ];
  const bars = found.map(
    ([name, values]) =>
      `${name.padEnd(5)}  ${decimal(values.minimum)} ${sparkline(values)} ${decimal(values.maximum)}`,
  );
  return `${table([header, ...rows])}\n\n${bars.join("\n")}`;
}

const levels = "▁▂▃▄▅▆▇█";

/** One character a bin, the fullest one full; empty bins are spaces. */
function sparkline({ histogram: { counts } }: Pick<Distribution, "histogram">): string {
  const most = Math.max(1, ...counts);
  return counts
    .map((n) => (n === 0 ? " " : levels[Math.ceil((levels.length * n) / most) - 1]!))
    .join("");
}

function thresholdTable(models: readonly ModelAnalysis[], names: readonly string[]): string {
  const [first] = models;
  const header = models.flatMap(({ tested }, i) =>
    (tested ? ["share", "accuracy", "no beta"] : ["share"]).map((label) =>
      `${names[i]!} ${label}`.trim(),
    ),
  );
  const rows = [0, ...first!.affine.thresholds].map((threshold, i) => [
    i === 0 ? "as it is" : String(threshold),
    ...models.flatMap(({ affine, tested }) => {
      if (tested === undefined)
        return [i === 0 ? "0.00 %" : percent(affine.overall.disabled[i - 1]!)];
      const { share: part, accuracy, accuracyWithoutBeta } = tested.thresholds[i]!;
      return [part, accuracy, accuracyWithoutBeta].map((value) => percent(value));
    }),
  ]);
  const note = models.some(({ tested }) => tested)
    ? "\nAccuracy with these gammas at zero, and with their betas at zero, too."
    : "";
  return `${table([["|gamma| <", ...header], ...rows])}${note}`;
}

function zeroLine({ tested }: ModelAnalysis, name: string): string[] {
  if (tested === undefined) return [];
  const { channels, zeros, dead, almostDead } = tested.zeros;
  return [
    `${name && `${name}: `}${percent(zeros, 1)} of all ReLU outputs are zero; of ${count(channels)} channels ${count(dead)} ` +
      `(${percent(dead / channels, 1)}) are zero\nfor every image and pixel, ${count(almostDead)} ` +
      `(${percent(almostDead / channels, 1)}) for at least ${Number((100 * tested.almost).toPrecision(12))} % of them.`,
  ];
}

/** Two models side by side where their layers are the same, else one after the other. */
function layerTables(models: readonly ModelAnalysis[], names: readonly string[]): string[] {
  const [first, second] = models;
  const paths = (model: ModelAnalysis): string =>
    model.affine.layers.map(({ path }) => path).join();
  if (second === undefined) return [layerTable(first!)];
  if (paths(first!) === paths(second)) return [besideTable(models, names)];
  return models.map((model, i) => `${names[i]!}:\n${layerTable(model)}`);
}

function layerTable({ affine, tested }: ModelAnalysis): string {
  const header = ["layer", "n", "gamma", "sd", "beta", "< 0", limitOf(affine.thresholds)];
  const rows = affine.layers.map(({ path, gamma, beta, disabled }) => [
    shortened(path),
    String(gamma?.count ?? beta?.count ?? 0),
    ...[gamma?.mean, gamma?.deviation, beta?.mean].map(decimal),
    share(gamma?.negative),
    share(disabled[markedThreshold(affine.thresholds)]),
    ...(tested ? [share(tested.layers[path]?.zeros), deadIn(tested, path)] : []),
  ]);
  return table([[...header, ...(tested ? ["zeros", "dead"] : [])], ...rows]);
}

function besideTable(models: readonly ModelAnalysis[], names: readonly string[]): string {
  const [first] = models;
  const columns: [label: string, of: (model: ModelAnalysis, i: number) => string][] = [
    [
      limitOf(first!.affine.thresholds),
      ({ affine }, i) => share(affine.layers[i]!.disabled[markedThreshold(affine.thresholds)]),
    ],
    ...(models.every(({ tested }) => tested)
      ? ([
          [
            "zeros",
            ({ affine, tested }, i) => share(tested!.layers[affine.layers[i]!.path]?.zeros),
          ],
          ["dead", ({ affine, tested }, i) => deadIn(tested!, affine.layers[i]!.path)],
        ] satisfies [string, (model: ModelAnalysis, i: number) => string][])
      : []),
  ];
  const header = [
    "layer",
    ...columns.flatMap(([label]) => names.map((name) => `${name} ${label}`)),
  ];
  const rows = first!.affine.layers.map(({ path }, i) => [
    shortened(path),
    ...columns.flatMap(([, of]) => models.map((model) => of(model, i))),
  ]);
  return table([header, ...rows]);
}

function limitOf(thresholds: readonly number[]): string {
  return `<${thresholds[markedThreshold(thresholds)]!}`;
}

function deadIn({ layers }: NonNullable<ModelAnalysis["tested"]>, path: string): string {
  const channels = layers[path];
  return channels === undefined ? "-" : String(channels.dead);
}

const LONGEST_PATH = 24;

function shortened(path: string): string {
  return path.length <= LONGEST_PATH ? path : `…${path.slice(1 - LONGEST_PATH)}`;
}

function share(value: number | undefined): string {
  return value === undefined ? "-" : percent(value, value === 1 ? 0 : 1);
}

/** Three decimals, fewer for large numbers. */
function decimal(value: number | undefined): string {
  if (value === undefined) return "-";
  const size = Math.abs(value);
  if (size >= 1000) return value.toExponential(0);
  return value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : 2).replace(/^-(?=[0.]+$)/, "");
}
