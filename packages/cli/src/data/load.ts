import { resolve } from "node:path";
import {
  type AnyImageDataset,
  type BatchSource,
  batchSource,
  type DatasetSplits,
  type FileBatchSource,
  imageFolder,
  listDatasets,
  loadDataset,
  subset,
} from "@bn-only/datasets";
import { UsageError } from "../errors.ts";
import { oneOf } from "../options.ts";
import type { Reporter } from "../progress/reporter.ts";
import type { Plugins } from "../plugins/plugins.ts";
import { type AugmentationName, testTransforms } from "./augmentation.ts";
import { FOLDER, folderPath } from "./folder.ts";
import { type NormalizationName, normalizationOption } from "./normalization.ts";
import { imageSize, type ImageShape } from "./shape.ts";

export interface DataRequest {
  readonly dataset: string;
  readonly dataDir?: string | undefined;
  /** Images to use; all of them by default. */
  readonly trainSize?: number | undefined;
  readonly testSize?: number | undefined;
  /** The model file whose note gives the test size, where nobody else does. */
  readonly testedBy?: string | undefined;
  readonly inputShape?: ImageShape | undefined;
  readonly classes?: number | undefined;
  /** What the network takes of its own accord: the shape and classes of synthetic images. */
  readonly network: { readonly inputShape: readonly number[]; readonly classes: number };
  readonly plugins: Plugins;
  /** Of synthetic images. */
  readonly seed: number;
  readonly signal: AbortSignal;
  /** Where relative paths begin. Default: the process's own. */
  readonly workingFolder?: string | undefined;
}

/** @throws UsageError for a name that no data set has. */
export function checkDatasetName(name: string, { datasets }: Plugins): void {
  if (name.startsWith(FOLDER)) return;
  const names = listDatasets({ datasets }).map((dataset) => dataset.name);
  oneOf("--dataset", names)(name);
}

/** @throws UsageError when the options ask for what the data are not. */
export async function loadData(
  request: DataRequest,
  reporter: Reporter,
): Promise<DatasetSplits<AnyImageDataset>> {
  const { dataset, dataDir, trainSize, testSize, signal } = request;
  if (dataDir !== undefined && (dataset.startsWith(FOLDER) || dataset === "synthetic")) {
    throw new UsageError(
      `--data-dir ${dataDir} is where the files of a data set lie, ${dataset} has none there. Leave it out.`,
    );
  }
  const path = folderPath(dataset);
  const splits =
    path !== undefined ? await loadFolder(path, request) : await loadNamed(request, reporter);
  signal.throwIfAborted();
  checkFit(splits.train, request);
  return {
    train: someImages(splits.train, "--train-size", trainSize),
    test: someImages(splits.test, "--test-size", testSize, request.testedBy),
  };
}

function loadNamed(
  request: DataRequest,
  reporter: Reporter,
): Promise<DatasetSplits<AnyImageDataset>> {
  const { dataset, dataDir, trainSize, testSize, network, seed, signal } = request;
  const { workingFolder = process.cwd() } = request;
  return loadDataset<AnyImageDataset>(dataset, {
    datasets: request.plugins.datasets,
    ...(dataDir !== undefined && { directory: resolve(workingFolder, dataDir) }),
    ...(trainSize !== undefined && { trainSize }),
    ...(testSize !== undefined && { testSize }),
    shape: request.inputShape ?? (network.inputShape as ImageShape),
    classes: request.classes ?? network.classes,
    seed,
    signal,
    onProgress: (event) => reporter.data(event),
  });
}

/** Images of a folder, brought to the shape that was asked for or else to the network's own. */
function loadFolder(
  path: string,
  { inputShape, network, seed, workingFolder = process.cwd() }: DataRequest,
): Promise<DatasetSplits<AnyImageDataset>> {
  const [height, width, channels] = inputShape ?? (network.inputShape as ImageShape);
  if (path.trim() === "") {
    throw new UsageError(`--dataset ${FOLDER}<path> needs a path, such as ${FOLDER}./images.`);
  }
  if (channels !== 1 && channels !== 3) {
    throw new UsageError(
      `--dataset ${FOLDER}${path}: images have 1 or 3 channels, ${channels} are wanted. Give --input-shape.`,
    );
  }
  return imageFolder(resolve(workingFolder, path), { size: [height, width], channels, seed });
}

/** Test images as a run or a model's notes say. */
export function testSource(
  test: AnyImageDataset,
  { normalization, augmentation }: TestImages,
): BatchSource | FileBatchSource {
  const { shape } = test;
  return batchSource(test, {
    ...normalizationOption(normalization),
    ...testTransforms(augmentation, shape),
  });
}

export interface TestImages {
  readonly normalization: NormalizationName;
  readonly augmentation?: AugmentationName;
}

function checkFit({ name, shape, classes }: AnyImageDataset, request: DataRequest): void {
  const wanted = request.inputShape && imageSize(request.inputShape);
  if (wanted !== undefined && wanted !== imageSize(shape)) {
    throw new UsageError(
      `--input-shape ${wanted} contradicts the images of ${name}, which are ${imageSize(shape)}. Leave it out.`,
    );
  }
  if (request.classes !== undefined && request.classes !== classes.length) {
    throw new UsageError(
      `--classes ${request.classes} contradicts ${name}, which has ${classes.length} classes. Leave it out.`,
    );
  }
}

function someImages(
  dataset: AnyImageDataset,
  option: string,
  size: number | undefined,
  model?: string,
): AnyImageDataset {
  const available = dataset.labels.length;
  if (size === undefined) return dataset;
  if (size <= available) return subset(dataset, size);
  const few = `more than the ${available} images of ${dataset.name}.`;
  throw new UsageError(
    model === undefined
      ? `${option} ${size} is ${few}`
      : `${model} was tested on ${size} images, ${few} Test it on fewer with ${option}.`,
  );
}
