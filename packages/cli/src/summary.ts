import type { NetworkDescription } from "@bn-only/resnet-zoo";
import type { TrainCommandOptions } from "./commands/train.ts";
import { bytes, count, duration, percent, plural } from "./format.ts";
import type { Io } from "./io.ts";
import type { ResultEvent } from "./result.ts";

interface SummaryContext {
  readonly options: TrainCommandOptions;
  readonly description: NetworkDescription;
  /** Share of `|gamma| < 0.01`. */
  readonly disabled: number;
}

/** What a run came to, for people. */
export function printSummary(
  io: Io,
  result: ResultEvent,
  { options, description, disabled }: SummaryContext,
): void {
  const { trainableParameters, totalParameters, modelBytes, seconds, imagesPerSecond, out } =
    result;
  const share = percent(trainableParameters / totalParameters);
  const published = description.published?.batchNormOnly;
  const rows = [
    ["test accuracy", `${percent(result.testAccuracy)} after ${plural(options.epochs, "epoch")}`],
    ...(published !== undefined && options.dataset === "cifar10"
      ? [
          [
            "the paper",
            `${published} % with BatchNorm only, 160 epochs of 50,000 images (figure of arXiv 2003.00152v1)`,
          ],
        ]
      : []),
    ["trained", `${count(trainableParameters)} of ${count(totalParameters)} parameters (${share})`],
    ["|gamma| < 0.01", percent(disabled)],
    ["model", `${bytes(modelBytes)}, ${out}/model.safetensors`],
    [
      "time",
      `${duration(seconds)}, training ${imagesPerSecond.toFixed(0)} images/s on ${result.backend}`,
    ],
    ...(options.report ? [["report", `${out}/report.html`]] : []),
  ];
  io.stdout.write(`\n${rows.map(([label, text]) => `${label!.padEnd(16)}${text}`).join("\n")}\n`);
}
