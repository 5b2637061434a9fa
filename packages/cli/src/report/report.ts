import { disabledShare } from "@bn-only/trainer";
import { bytes, count, percent, plural } from "../format.ts";
import { conditionName } from "../reproduce/condition-names.ts";
import type { ResultEvent } from "../result.ts";
import type { FinishedRun } from "../run/read.ts";
import { commandLine } from "./command-line.ts";
import { configuration } from "./configuration.ts";
import { accuracyChart, lossChart } from "./curves.ts";
import { escape } from "./escape.ts";
import { disabledChart, gammaHistogram } from "./gamma-charts.ts";
import { imageGrid } from "./image-grid.ts";
import { page } from "./page.ts";

/** A page about a run. */
export function renderReport(run: FinishedRun): string {
  const { result, history, record, versions } = run;
  const gammaBefore = Float32Array.from(record.gammaBefore);
  const gammaAfter = Float32Array.from(record.gammaAfter);
  const body = `${numbers(result, gammaBefore, gammaAfter)}
${paperNote(run)}
<h2>How it learned</h2>
<div class="charts">
${accuracyChart(history)}
${lossChart(history, record.classes.length)}
${gammaHistogram(gammaBefore, gammaAfter)}
${disabledChart(gammaBefore, gammaAfter)}
</div>
${imagesOf(record)}
<h2>How to get it again</h2>
<pre>${escape(commandLine(run))}</pre>
${configuration(run)}`;
  return page({
    title: `${result.network}, ${conditionName(result.condition)}`,
    headline: headline(result),
    lead: lead(run),
    body,
    version: versions.bnOnly,
  });
}

/** Of images that no page can show there is no word. */
function imagesOf({ shown, notShown, classes }: FinishedRun["record"]): string {
  if (shown.length === 0 && notShown === undefined) return "";
  const images =
    notShown === undefined
      ? imageGrid(shown, classes)
      : `<p>The first test images could not be tested once more: ${escape(notShown)}</p>`;
  return `<h2>What it sees</h2>\n${images}`;
}

function headline({ trainableParameters, totalParameters, testAccuracy }: ResultEvent): string {
  const accuracy = `${percent(testAccuracy, 1)} accuracy`;
  const share = trainableParameters / totalParameters;
  if (share === 0) return `${accuracy} with not one parameter trained`;
  if (share === 1) return `${accuracy} with every parameter trained`;
  return `${accuracy} with ${percent(share, share < 0.001 ? 2 : 1)} of the parameters trained`;
}

function lead({ result, options, history, record }: FinishedRun): string {
  const { network, seed, trainableParameters, totalParameters } = result;
  const images = `${plural(history.length, "epoch")} of ${count(record.trainImages)} ${options.dataset} images`;
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

function numbers(result: ResultEvent, gammaBefore: Float32Array, gammaAfter: Float32Array): string {
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

function paperNote({ record, options }: FinishedRun): string {
  const published = record.network.published?.batchNormOnly;
  if (published === undefined || options.dataset !== "cifar10") return "";
  return (
    `<p>The paper's figure for this network, BatchNorm only, is <strong>${published} %</strong>, after 160 epochs of all ` +
    `50,000 images. It is theirs, not measured here (${escape(record.network.published!.source)}).</p>`
  );
}
