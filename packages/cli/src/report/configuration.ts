import { count, duration } from "../format.ts";
import type { FinishedRun } from "../run/read.ts";
import { escape } from "./escape.ts";

/** How the run was made, as a table. */
export function configuration({ network, record, options, result }: FinishedRun): string {
  const rows: [string, string][] = [
    [
      "network",
      `${network}, ${(record.network.macs / 1e6).toFixed(1)} million multiply-accumulates per image`,
    ],
    ["BatchNorm parameters", count(record.network.batchNormParameters)],
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
