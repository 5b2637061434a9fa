import type { ImageDataset } from "@bn-only/datasets";
import type { NetworkDescription } from "@bn-only/resnet-zoo";
import { disabledShare, type EpochEvent } from "@bn-only/trainer";
import type { TrainCommandOptions } from "../commands/train.ts";
import { bytes, count, duration, percent } from "../format.ts";
import type { ResultEvent } from "../result.ts";
import { version } from "../version.ts";
import { accuracyChart, lossChart } from "./curves.ts";
import { escape } from "./escape.ts";
import { gammaChart } from "./gamma-chart.ts";
import { imageGrid } from "./image-grid.ts";
import { style } from "./style.ts";

export interface ReportInput {
  readonly options: TrainCommandOptions;
  readonly description: NetworkDescription;
  readonly result: ResultEvent;
  readonly history: readonly EpochEvent[];
  readonly gammaBefore: Float32Array;
  readonly gammaAfter: Float32Array;
  /** Test images to show, and what the network took them for. */
  readonly shown: ImageDataset;
  readonly predictions: Int32Array;
}

/** One self-contained page about a run: it loads nothing from anywhere. */
export function renderReport(input: ReportInput): string {
  const { result, history, gammaBefore, gammaAfter, shown, predictions } = input;
  const title = `${result.network}, ${conditionName(result.condition)}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
<header>
<h1>${escape(headline(result))}</h1>
<p class="lead">${escape(lead(input))}</p>
</header>
${numbers(input)}
${paperNote(input)}
<h2>How it learned</h2>
<div class="charts">${accuracyChart(history)}${lossChart(history)}${gammaChart(gammaBefore, gammaAfter).replace("<figure>", '<figure class="wide">')}</div>
<h2>What it sees</h2>
${imageGrid(shown, predictions)}
<h2>How to get it again</h2>
<pre>${escape(commandLine(input))}</pre>
${configuration(input)}
<footer>Made by bn-only ${escape(version)} after <em>Training BatchNorm and Only BatchNorm</em>, Frankle, Schwab and Morcos, arXiv 2003.00152.</footer>
</main>
</body>
</html>
`;
}

function conditionName(condition: string): string {
  const names: Readonly<Record<string, string>> = {
    bn: "BatchNorm only",
    all: "all parameters",
    head: "output layer only",
    none: "nothing trained",
  };
  return names[condition] ?? `${condition} trained`;
}

function headline({
  condition,
  trainableParameters,
  totalParameters,
  testAccuracy,
}: ResultEvent): string {
  const accuracy = percent(testAccuracy, 1);
  if (condition === "none") return `${accuracy} with not one parameter trained`;
  return `${accuracy} with ${percent(trainableParameters / totalParameters, 1)} of the parameters trained`;
}

function lead({ result, options, history }: ReportInput): string {
  const frozen = result.totalParameters - result.trainableParameters;
  return (
    `A ${result.network} whose ${count(frozen)} other weights stayed as seed ${result.seed} drew them learned ` +
    `${options.dataset} for ${history.length} epochs (condition “${result.condition}”).`
  );
}

function numbers({ result, gammaAfter }: ReportInput): string {
  const { trainableParameters, totalParameters, modelBytes, seconds, imagesPerSecond } = result;
  const cells: [string, string, string][] = [
    ["test accuracy", percent(result.testAccuracy), `loss ${result.testLoss.toFixed(3)}`],
    ["trained parameters", count(trainableParameters), `of ${count(totalParameters)}`],
    ["model file", bytes(modelBytes), `all weights would be ${bytes(4 * totalParameters)}`],
    [
      "|gamma| < 0.01",
      percent(disabledShare(gammaAfter), 1),
      `${duration(seconds)}, ${imagesPerSecond.toFixed(0)} images/s on ${result.backend}`,
    ],
  ];
  const html = cells.map(
    ([name, value, note]) =>
      `<div><dt>${escape(name)}</dt><dd>${escape(value)}</dd><small>${escape(note)}</small></div>`,
  );
  return `<dl class="numbers">${html.join("")}</dl>`;
}

function paperNote({ description, options }: ReportInput): string {
  const published = description.published?.batchNormOnly;
  if (published === undefined || options.dataset !== "cifar10") return "";
  return (
    `<p>The paper's figure for this network, BatchNorm only, is <strong>${published} %</strong>, after 160 epochs of all ` +
    `50,000 images. It is theirs, not measured here (${escape(description.published!.source)}).</p>`
  );
}

function commandLine({ options, result }: ReportInput): string {
  const flags = [
    ["dataset", options.dataset],
    ["condition", options.condition],
    ["epochs", options.epochs],
    ["batch-size", options.batchSize],
    ["learning-rate", options.learningRate],
    ["momentum", options.momentum],
    ["weight-decay", options.weightDecay],
    ["train-size", options.trainSize],
    ["test-size", options.testSize],
    ["seed", options.seed],
    ["weight-init", options.weightInit],
    ["batch-norm-init", options.batchNormInit],
    ["normalization", options.normalization],
  ] as const;
  const given = flags
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `--${name} ${value}`);
  if (!options.augment) given.push("--no-augment");
  return `bn-only train ${result.network} \\\n  ${given.join(" \\\n  ")}`;
}

function configuration({ description, options, result }: ReportInput): string {
  const rows: [string, string][] = [
    [
      "network",
      `${description.name}, ${(description.macs / 1e6).toFixed(1)} million multiply-accumulates per image`,
    ],
    ["BatchNorm parameters", count(description.parameters.batchNorm)],
    [
      "optimiser",
      `SGD, momentum ${options.momentum}, L2 penalty ${options.weightDecay} on what trains`,
    ],
    [
      "learning rate",
      `${options.learningRate}, a tenth of it after 1/2 and again after 3/4 of the steps`,
    ],
    [
      "images",
      `${options.augment ? "flipped and cropped" : "as they are"}, normalised with the constants of ${options.normalization === "imagenet" ? "ImageNet, as in the paper's code" : "CIFAR-10"}`,
    ],
    ["backend", result.backend],
  ];
  const html = rows.map(
    ([name, value]) => `<tr><th scope="row">${escape(name)}</th><td>${escape(value)}</td></tr>`,
  );
  return `<table>${html.join("")}</table>`;
}
