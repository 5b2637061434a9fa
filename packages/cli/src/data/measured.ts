import {
  type AnyImageDataset,
  type DatasetSplits,
  measureNormalization,
  type Normalization,
  readImages,
  subset,
} from "@bn-only/datasets";
import { UsageError } from "../errors.ts";
import type { NormalizationName } from "./normalization.ts";

/** Of a folder these many images are measured, from all over it. */
const MOST_FILES = 1000;

/** For `measured`, the splits with the mean and deviation of the training images as their own constants. */
export async function withMeasured(
  splits: DatasetSplits<AnyImageDataset>,
  name: NormalizationName | undefined,
): Promise<DatasetSplits<AnyImageDataset>> {
  if (name !== "measured") return splits;
  const { train, test } = splits;
  const images = "files" in train ? await readImages(subset(train, MOST_FILES)) : train;
  const normalization = measureNormalization(images);
  return { train: { ...train, normalization }, test: { ...test, normalization } };
}

/** What a model file notes of it, since nobody else has the training images. */
export function measuredNotes({ mean, std }: Normalization): Record<string, string> {
  return { mean: mean.join(), std: std.join() };
}

/** @throws UsageError when there are no such notes */
export function measuredFrom(
  file: string,
  { mean = "", std = "" }: Readonly<Record<string, string>>,
  channels: number,
): Normalization {
  const [means, deviations] = [mean, std].map((text) => text.split(",").map(Number));
  const fits = (values: readonly number[] | undefined): values is number[] =>
    values?.length === channels && values.every(Number.isFinite);
  if (mean !== "" && std !== "" && fits(means) && fits(deviations)) {
    return { mean: means, std: deviations };
  }
  throw new UsageError(
    `--normalization measured: expected the mean and std of ${channels} channels in the notes of ${file}, got "${mean}" and "${std}". ` +
      `Give the name of the constants that it was trained with.`,
  );
}
