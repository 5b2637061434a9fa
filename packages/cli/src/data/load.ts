import {
  type BatchSource,
  batchSource,
  type DatasetSplits,
  type ImageDataset,
  listDatasets,
  loadDataset,
  subset,
} from "@bn-only/datasets";
import { UsageError } from "../errors.ts";
import { oneOf } from "../options.ts";
import type { Reporter } from "../progress/reporter.ts";
import { type NormalizationName, normalizations } from "./normalization.ts";
import { formatShape, type ImageShape } from "./shape.ts";

export interface DataRequest {
  readonly dataset: string;
  readonly dataDir?: string | undefined;
  /** Images to use, from the first one; all of them by default. */
  readonly trainSize?: number | undefined;
  readonly testSize?: number | undefined;
  readonly inputShape?: ImageShape | undefined;
  readonly classes?: number | undefined;
  /** What the network takes of its own accord: the shape and classes of synthetic images. */
  readonly network: { readonly inputShape: readonly number[]; readonly classes: number };
  /** Of synthetic images. */
  readonly seed: number;
  readonly signal: AbortSignal;
}

/** @throws UsageError for a name that no data set has. */
export function checkDatasetName(name: string): void {
  oneOf(
    "--dataset",
    listDatasets().map((dataset) => dataset.name),
  )(name);
}

/** @throws UsageError when the options ask for what the data are not. */
export async function loadData(request: DataRequest, reporter: Reporter): Promise<DatasetSplits> {
  const { dataset, dataDir, trainSize, testSize, network, seed, signal } = request;
  const splits = await loadDataset(dataset, {
    ...(dataDir !== undefined && { directory: dataDir }),
    ...(trainSize !== undefined && { trainSize }),
    ...(testSize !== undefined && { testSize }),
    shape: request.inputShape ?? (network.inputShape as ImageShape),
    classes: request.classes ?? network.classes,
    seed,
    signal,
    onProgress: (event) => reporter.data(event),
  });
  signal.throwIfAborted();
  checkFit(splits.train, request);
  return {
    train: firstImages(splits.train, "--train-size", trainSize),
    test: firstImages(splits.test, "--test-size", testSize),
  };
}

export function testSource(test: ImageDataset, normalization: NormalizationName): BatchSource {
  return batchSource(test, { normalization: normalizations[normalization] });
}

function checkFit({ name, shape, classes }: ImageDataset, request: DataRequest): void {
  const wanted = request.inputShape && formatShape(request.inputShape);
  if (wanted !== undefined && wanted !== formatShape(shape)) {
    throw new UsageError(
      `--input-shape ${wanted} contradicts the images of ${name}, which are ${formatShape(shape)}. Leave it out.`,
    );
  }
  if (request.classes !== undefined && request.classes !== classes.length) {
    throw new UsageError(
      `--classes ${request.classes} contradicts ${name}, which has ${classes.length} classes. Leave it out.`,
    );
  }
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
