import { listDatasets } from "@bn-only/datasets";
import { type AugmentationName, augmentationNames } from "../../data/augmentation.ts";
import { type NormalizationName, normalizationNames } from "../../data/normalization.ts";
import { imageSize } from "../../data/shape.ts";
import { UsageError } from "../../errors.ts";
import { oneOf, wholeNumber } from "../../options.ts";
import type { EvaluateCommandOptions } from "./options.ts";

/** What the writer of a model file noted in it. */
export type Notes = Readonly<Record<string, string>>;

interface TestedWith {
  readonly dataset: string;
  readonly seed: number;
  readonly testSize?: number;
  readonly normalization: NormalizationName;
  readonly augmentation?: AugmentationName;
}

/**
 * The data and the normalisation that a model was tested with, as `bn-only train` noted them; for other
 * data only what still holds.
 */
export function dataOf(
  notes: Notes,
  { dataset: wanted }: Pick<EvaluateCommandOptions, "dataset">,
): TestedWith {
  const { dataset = "cifar10", dataSeed = "0", normalization = "imagenet", testSize } = notes;
  const { augmentation } = notes;
  const same = wanted === undefined || wanted === dataset;
  return {
    dataset,
    seed: wholeNumber("the model's dataSeed", 0)(dataSeed),
    ...(same &&
      testSize !== undefined && { testSize: wholeNumber("the model's testSize", 1)(testSize) }),
    normalization: oneOf("the model's normalization", normalizationNames)(normalization),
    ...(augmentation !== undefined && {
      augmentation: oneOf("the model's augmentation", augmentationNames)(augmentation),
    }),
  };
}

/** 1 GiB, of images that are made and not read, and so are all in memory at once. */
const MAXIMUM_MADE = 2 ** 30;

/** @throws UsageError when a file asks for more synthetic images than fit into a reasonable memory. */
export function assertFewImages(
  dataset: string,
  wanted: number | undefined,
  inputShape: readonly number[],
): void {
  if (dataset !== "synthetic") return;
  const { trainSize, testSize } = listDatasets().find(({ name }) => name === dataset)!;
  const size = inputShape.reduce((product, side) => product * side, 1);
  // Training images are made even where nobody looks at them.
  if ((trainSize + (wanted ?? testSize)) * size <= MAXIMUM_MADE) return;
  throw new UsageError(
    `${wanted ?? testSize} synthetic test images of ${imageSize(inputShape)} would take more than 1 GiB. ` +
      `Choose fewer with --test-size, smaller ones with --input-shape, or other data with --dataset.`,
  );
}

/** The plugins that a model was trained with. */
export function pluginsOf(notes: Notes): string[] {
  const { plugins } = notes;
  if (plugins === undefined) return [];
  try {
    const names: unknown = JSON.parse(plugins);
    if (Array.isArray(names)) return names.map(String);
  } catch {
    // Someone else's note.
  }
  return [plugins];
}
