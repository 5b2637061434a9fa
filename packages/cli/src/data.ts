import {
  type BatchSource,
  batchSource,
  cifar10Normalization,
  type DatasetSplits,
  type ImageDataset,
  imagenetNormalization,
  listDatasets,
  loadDataset,
  subset,
} from "@bn-only/datasets";
import { UsageError } from "./errors.ts";
import type { Reporter } from "./progress/reporter.ts";

export const normalizations = {
  /** The paper's code uses ImageNet's constants on CIFAR-10 too. */
  imagenet: imagenetNormalization,
  cifar10: cifar10Normalization,
};

export type NormalizationName = keyof typeof normalizations;

export interface DataRequest {
  readonly dataset: string;
  readonly dataDir?: string | undefined;
  /** Images to use, from the first one; all of them by default. */
  readonly trainSize?: number | undefined;
  readonly testSize?: number | undefined;
  /** Of synthetic images. */
  readonly seed: number;
  readonly signal: AbortSignal;
}

export const datasetNames: readonly string[] = listDatasets().map(({ name }) => name);

/** @throws UsageError when more images are wanted than there are. */
export async function loadData(request: DataRequest, reporter: Reporter): Promise<DatasetSplits> {
  const { dataset, dataDir, trainSize, testSize, seed, signal } = request;
  const splits = await loadDataset(dataset, {
    ...(dataDir !== undefined && { directory: dataDir }),
    ...(trainSize !== undefined && { trainSize }),
    ...(testSize !== undefined && { testSize }),
    seed,
    signal,
    onProgress: (event) => reporter.data(event),
  });
  return {
    train: firstImages(splits.train, "--train-size", trainSize),
    test: firstImages(splits.test, "--test-size", testSize),
  };
}

export function testSource(test: ImageDataset, normalization: NormalizationName): BatchSource {
  return batchSource(test, { normalization: normalizations[normalization] });
}

function firstImages(
  dataset: ImageDataset,
  option: string,
  size: number | undefined,
): ImageDataset {
  const available = dataset.labels.length;
  if (size === undefined) return dataset;
  if (size > available) {
    throw new UsageError(
      `${option} ${size} is more than the ${available} images of ${dataset.name}.`,
    );
  }
  return subset(dataset, size);
}
