import type { ImageDataset } from "@bn-only/datasets";
import type { NetworkDescription } from "@bn-only/resnet-zoo";
import { disabledShare, type EpochEvent } from "@bn-only/trainer";
import type { TrainCommandOptions } from "../commands/train.ts";
import { bytes, count, duration, percent, plural } from "../format.ts";
import type { ResultEvent } from "../result.ts";
import { version } from "../version.ts";
import { accuracyChart, lossChart } from "./curves.ts";
import { escape } from "./escape.ts";
import { disabledChart, gammaHistogram } from "./gamma-charts.ts";
import { imageGrid } from "./image-grid.ts";
import { style } from "./style.ts";

export interface ReportInput {
  readonly options: TrainCommandOptions;
  readonly description: NetworkDescription;
  readonly result: ResultEvent;
  readonly history: readonly EpochEvent[];
  readonly gammaBefore: Float32Array;
  readonly gammaAfter: Float32Array;
  /** Number of images in an epoch. */
  readonly trainImages: number;
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
<div class="charts">
${accuracyChart(history)}
${lossChart(history, shown.classes.length)}
${gammaHistogram(gammaBefore, gammaAfter)}
${disabledChart(gammaBefore, gammaAfter)}
</div>
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

function headline({ trainableParameters, totalParameters, testAccuracy }: ResultEvent): string {
  const accuracy = `${percent(testAccuracy, 1)} accuracy`;
  const share = trainableParameters / totalParameters;
  if (share === 0) return `${accuracy} with not one parameter trained`;
  if (share === 1) return `${accuracy} with every parameter trained`;
  return `${accuracy} with ${percent(share, share < 0.001 ? 2 : 1)} of the parameters trained`;
}

function lead({ result, options, history, trainImages }: ReportInput): string {
  const { network, seed, trainableParameters, totalParameters } = result;
  const images = `${plural(history.length, "epoch")} of ${count(trainImages)} ${options.dataset} images`;
  const frozen = `stayed as seed ${seed} drew them`;
  if (trainableParameters === 0) {
    return `All ${count(totalParameters)} weights of a ${network} ${frozen}; only its running statistics followed ${images}.`;
  }
  const learned = `A ${network} learned from ${images}`;
  if (trainableParameters === totalParameters) {
    return `${learned}, and all its ${count(totalParameters)} parameters moved: the usual training, to compare with.`;
  }
  return `${learned} while ${count(totalParameters - trainableParameters)} of its weights ${frozen}.`;
}

function numbers({ result, gammaBefore, gammaAfter }: ReportInput): string {
  const { trainableParameters, totalParameters, modelBytes } = result;
  const cells: [string, string, string][] = [
    ["test accuracy", percent(result.testAccuracy), `loss ${result.testLoss.toFixed(3)}`],
    ["trained parameters", count(trainableParameters), `of ${count(totalParameters)}`],
    ["model file", bytes(modelBytes), `all weights would be ${bytes(4 * totalParameters)}`],
    [
      "features switched off",
      percent(disabledShare(gammaAfter), 1),
      `|gamma| < 0.01; ${percent(disabledShare(gammaBefore), 1)} before training`,
    ],
  ];
  const html = cells.map(
    ([name, value, note]) =>
      `<div><dt>${escape(name)}</dt><dd>${escape(value)}</dd><dd class="note">${escape(note)}</dd></div>`,
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
    [
      "time",
      `${duration(result.seconds)} on ${result.backend}, training ${result.imagesPerSecond.toFixed(0)} images per second`,
    ],
  ];
  const html = rows.map(
    ([name, value]) => `<tr><th scope="row">${escape(name)}</th><td>${escape(value)}</td></tr>`,
  );
  return `<table>${html.join("")}</table>`;
}
