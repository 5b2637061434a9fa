import { bytes, count, duration, percent, plural } from "../format.ts";
import type { Io } from "../io.ts";
import { runFiles } from "../run/files.ts";
import type { FinishedTraining } from "./finish.ts";
import type { TrainingOptions } from "./options.ts";
import { print } from "../print.ts";

/** What a run came to, for people. */
export function printSummary(
  io: Io,
  { event, record, disabled }: FinishedTraining,
  options: TrainingOptions,
): void {
  const { trainableParameters, totalParameters, modelBytes, seconds, imagesPerSecond, out } = event;
  const share = percent(trainableParameters / totalParameters);
  const published = record.network.published?.batchNormOnly;
  const rows = [
    ["test accuracy", `${percent(event.testAccuracy)} after ${plural(options.epochs, "epoch")}`],
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
    ["model", `${bytes(modelBytes)}, ${out}/${runFiles.model}`],
    [
      "time",
      // A run that went on with its last evaluation has trained on none.
      imagesPerSecond === 0
        ? `${duration(seconds)} on ${event.backend}`
        : `${duration(seconds)}, training ${imagesPerSecond.toFixed(0)} images/s on ${event.backend}`,
    ],
    ...(options.report ? [["report", `${out}/${runFiles.report}`]] : []),
  ];
  const lines = rows.map(([label, text]) => `${label!.padEnd(16)}${text}`);
  print(io, ["", ...lines].join("\n"));
}
