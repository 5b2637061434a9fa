import { FOLDER } from "../data/folder.ts";
import { count, plural } from "../format.ts";
import type { Protocol } from "./figure-spec.ts";

const datasets: Readonly<Record<string, string>> = {
  cifar10: "CIFAR-10",
  cifar100: "CIFAR-100",
  synthetic: "synthetic images",
};

/** `CIFAR-10, 8 epochs of 20,000 images` */
export function protocolText({
  dataset,
  epochs,
  trainSize,
}: Pick<Protocol, "dataset" | "epochs" | "trainSize">): string {
  const data = dataset.startsWith(FOLDER) ? "a folder of images" : (datasets[dataset] ?? dataset);
  const images = trainSize === undefined ? "all images" : `${count(trainSize)} images`;
  return `${data}, ${plural(epochs, "epoch")} of ${images}`;
}

/** What a reader of a figure of other images must know. */
export function dataNote({ dataset }: Pick<Protocol, "dataset">): string[] {
  if (dataset === "cifar10" || dataset.startsWith(FOLDER)) return [];
  return dataset === "synthetic"
    ? [
        "Synthetic images: this shows that everything runs, and says nothing about photographs; the paper's numbers are of those.",
      ]
    : [`The paper's numbers are of CIFAR-10, and not of ${datasets[dataset] ?? dataset}.`];
}
