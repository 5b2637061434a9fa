import { type DeadChannels, disabledShare } from "@bn-only/trainer";
import { bytes, count, percent } from "../../../packages/cli/src/format.ts";
import { runName, styleOfRun } from "../../../packages/cli/src/reproduce/condition-names.ts";
import { groupBy } from "../../../packages/cli/src/reproduce/points.ts";
import { cifar10Accuracies } from "../../../packages/cli/src/reproduce/published/cifar10.ts";
import { findPublished } from "../../../packages/cli/src/reproduce/published/published.ts";
import type { StoredRun } from "../../../packages/cli/src/reproduce/run-store.ts";
import { readZeros } from "./relus.ts";

/** `160 epochs of 50,000 images of CIFAR-10` and what else two groups of runs may differ in. */
export function protocolTitle({ configuration, run }: StoredRun): string {
  const { epochs, dataset, batchSize, learningRate } = configuration;
  const name = dataset === "cifar10" ? "CIFAR-10" : dataset;
  const images = `${epochs} ${epochs === 1 ? "epoch" : "epochs"} of ${count(run.record.trainImages)} images of ${name}`;
  return batchSize === 128 && learningRate === 0.1
    ? images
    : `${images}, batch ${batchSize}, learning rate ${learningRate}`;
}

/** A row for each network and condition: mean over seeds, the range, the paper's number. */
export function resultTable(runs: readonly StoredRun[], withPaper: boolean): string {
  const groups = groupBy(runs, ({ configuration }) =>
    [configuration.network, configuration.condition, configuration.batchNormInit].join(" "),
  );
  const rows = groups.map((seeds) => {
    const { configuration, run } = seeds[0]!;
    const { network } = configuration;
    const accuracies = seeds.map((seed) => seed.run.result.testAccuracy);
    return [
      `\`${network}\``,
      runName(configuration),
      accuracies.map((value) => percent(value)).join(", "),
      ...(withPaper ? [paperText(seeds[0]!)] : []),
      percent(meanOf(seeds.map(disabled)), 1),
      shareOf(seeds, ({ zeros }) => zeros),
      shareOf(seeds, ({ dead, channels }) => dead / channels),
      count(run.result.trainableParameters),
      bytes(run.result.modelBytes),
    ];
  });
  const head = [
    "network",
    "what trains",
    "test accuracy, seed by seed",
    ...(withPaper ? ["the paper"] : []),
    "\\|gamma\\| < 0.01",
    "zeros after ReLU",
    "dead channels",
    "trained",
    "model file",
  ];
  return markdownTable([head, ...rows], 2);
}

/** A table as the formatter writes it: columns padded, those after the first `left` ones to the right. */
function markdownTable(rows: readonly (readonly string[])[], left: number): string {
  const widths = rows[0]!.map((_name, i) => Math.max(3, ...rows.map((cells) => cells[i]!.length)));
  const pad = (cell: string, i: number): string =>
    i < left ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!);
  const ruler = widths.map((width, i) =>
    i < left ? "-".repeat(width) : `${"-".repeat(width - 1)}:`,
  );
  const [head, ...body] = rows.map((cells) => cells.map(pad));
  return [head!, ruler, ...body].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

const disabled = ({ run }: StoredRun): number =>
  disabledShare(Float32Array.from(run.record.gammaAfter));

/** Over the seeds that were kept with it. */
function shareOf(seeds: readonly StoredRun[], share: (zeros: DeadChannels) => number): string {
  const known = seeds.map(readZeros).filter((zeros) => zeros !== undefined);
  return known.length === 0 ? "" : percent(meanOf(known.map(share)), 1);
}

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

function paperText({ configuration }: StoredRun): string {
  const { network, condition } = configuration;
  if (styleOfRun(configuration) === "bn, alternate") return "";
  const [known] = findPublished(cifar10Accuracies, { network, condition }).filter(
    (value) => !value.alternateInit,
  );
  if (known === undefined) return "";
  return known.certainty === "recalled"
    ? `${known.value} % (recalled)`
    : `${known.value} ± ${((known.high - known.low) / 2).toFixed(1)} %`;
}
