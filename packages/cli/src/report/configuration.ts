import { paperRecipe } from "@bn-only/trainer";
import type { NormalizationName } from "../data/normalization.ts";
import { count, duration, percent } from "../format.ts";
import type { FinishedRun } from "../run/read.ts";
import type { RecipeOptions, ScheduleName } from "../training/recipe.ts";
import { escape } from "./escape.ts";

const constants: Readonly<Record<NormalizationName, string>> = {
  imagenet: "the constants of ImageNet, as in the paper's code",
  cifar10: "the constants of CIFAR-10",
  grey: "the mean of ImageNet's constants",
  own: "the data set's own constants",
  measured: "the mean and deviation of the training images",
};

const schedules: Readonly<Record<ScheduleName, string>> = {
  milestones: "a tenth of it after 1/2 and again after 3/4 of",
  cosine: "along a cosine to 0",
  constant: "the same at every step",
};

function optimizerText({
  optimizer,
  momentum = paperRecipe.momentum,
  nesterov,
  weightDecay,
}: RecipeOptions): string {
  if (optimizer === "adamw") return `AdamW, decay ${weightDecay} of what trains`;
  const penalty = `L2 penalty ${weightDecay} on what trains`;
  if (optimizer === "adam") return `Adam, ${penalty}`;
  return `SGD, ${nesterov ? "Nesterov " : ""}momentum ${momentum}, ${penalty}`;
}

function scheduleText({ schedule, milestones, warmup }: RecipeOptions): string {
  if (schedule !== "milestones") return schedules[schedule];
  const steps = warmup ? "the steps after the rise" : "the steps";
  if (milestones === undefined) return `${schedules.milestones} ${steps}`;
  const shares = milestones.map((share) => percent(share, 1));
  return `a tenth of it after each of ${shares.join(", ")} of ${steps}`;
}

function warmupText(warmup: number | undefined): string {
  if (!warmup) return "";
  return warmup < 1
    ? `, rising over the first ${100 * warmup} % of the steps`
    : `, rising over the first ${warmup} steps`;
}

function imagesText({ augment, augmentation }: FinishedRun["options"]): string {
  if (!augment) return "as they are";
  return augmentation === "imagenet" ? "flipped, and cut at random sizes" : "flipped and cropped";
}

/** Nothing of a run that was only evaluated when it went on. */
function speedText({ imagesPerSecond }: FinishedRun["result"]): string {
  return imagesPerSecond === 0 ? "" : `, training ${imagesPerSecond.toFixed(0)} images per second`;
}

/** How the run was made, as a table. */
export function configuration({ network, record, options, result }: FinishedRun): string {
  const rows: [string, string][] = [
    [
      "network",
      `${network}, ${(record.network.macs / 1e6).toFixed(1)} million multiply-accumulates per image`,
    ],
    ["BatchNorm parameters", count(record.network.batchNormParameters)],
    ["optimiser", optimizerText(options)],
    [
      "learning rate",
      `${options.learningRate}, ${scheduleText(options)}${warmupText(options.warmup)}`,
    ],
    [
      "images",
      `${imagesText(options)}, normalised with ${constants[options.normalization ?? "own"]}`,
    ],
    ["time", `${duration(result.seconds)} on ${result.backend}${speedText(result)}`],
  ];
  const html = rows.map(
    ([name, value]) => `<tr><th scope="row">${escape(name)}</th><td>${escape(value)}</td></tr>`,
  );
  return `<table>${html.join("")}</table>`;
}
