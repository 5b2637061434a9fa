import { show } from "@bn-only/errors";
import { checkOptions, checkThat } from "./check.ts";
import { checkDataset, checkFiles } from "./check-dataset.ts";
import { cifar10Definition } from "./cifar10.ts";
import { cifar100Definition } from "./cifar100.ts";
import type { DatasetInfo, ImageDatasetDefinition, LoadOptions } from "./definition.ts";
import { NoSuchDatasetError, OptionError } from "./errors.ts";
import { fashionMnistDefinition } from "./fashion-mnist.ts";
import { mnistDefinition } from "./mnist.ts";
import { checkLoadOptions, loadOptionNames } from "./sources/file-options.ts";
import { synthetic } from "./synthetic.ts";
import type { AnyImageDataset, DatasetSplits, ImageDataset } from "./types.ts";

const syntheticDefinition: ImageDatasetDefinition = {
  info: {
    name: "synthetic",
    description: "learnable patterns from a seed, of any size and shape; needs no network",
    shape: [32, 32, 3],
    classes: 10,
    trainSize: 2000,
    testSize: 500,
    licence: "MIT, as this package",
    download: false,
  },
  load: async ({ trainSize, testSize, shape, classes, seed }) =>
    synthetic({
      ...(trainSize !== undefined && { trainSize }),
      ...(testSize !== undefined && { testSize }),
      ...(shape !== undefined && { shape }),
      ...(classes !== undefined && { classes }),
      ...(seed !== undefined && { seed }),
    }),
};

const ownDefinitions: readonly ImageDatasetDefinition[] = [
  cifar10Definition,
  cifar100Definition,
  mnistDefinition,
  fashionMnistDefinition,
  syntheticDefinition,
];

/** Which data sets there are besides those of this package. */
export interface DatasetsOption<Dataset extends AnyImageDataset = AnyImageDataset> {
  /** Data sets of your own, known by name beside those of this package. Default: none. */
  readonly datasets?: readonly ImageDatasetDefinition<Dataset>[] | undefined;
}

/** Options of `loadDataset`; each data set reads those it knows. */
export interface LoadDatasetOptions<Dataset extends AnyImageDataset = AnyImageDataset>
  extends LoadOptions, DatasetsOption<Dataset> {}

/**
 * Every data set that `loadDataset` knows with the same option.
 *
 * @throws OptionError when two of them have one name
 */
export function listDatasets(options: DatasetsOption = {}): DatasetInfo[] {
  checkOptions("listDatasets", options, { datasets: true });
  return allDefinitions(options).map(({ info }) => info);
}

/**
 * Loads a data set by name.
 *
 * @throws NoSuchDatasetError with the nearest name when there is none of that name
 * @throws OptionError when two of them have one name, or what is loaded is no data set or not what its `info` says
 */
export async function loadDataset<Dataset extends AnyImageDataset = ImageDataset>(
  name: string,
  given: LoadDatasetOptions<Dataset> = {},
): Promise<DatasetSplits<ImageDataset | Dataset>> {
  checkOptions("loadDataset", given, { ...loadOptionNames, datasets: true });
  const { datasets = [], ...options } = given;
  checkLoadOptions("loadDataset", options);
  const definitions = allDefinitions<Dataset>({ datasets });
  const definition = definitions.find(({ info }) => info.name === name);
  if (definition === undefined) {
    const names = definitions.map(({ info }) => info.name);
    throw new NoSuchDatasetError(name, names);
  }
  const splits: unknown = await definition.load(options);
  checkSplits(definition.info, splits, options);
  return splits as DatasetSplits<ImageDataset | Dataset>;
}

/** A data set may follow what was asked for, as the synthetic one does, instead of its `info`. */
function checkSplits(
  { name, shape, classes }: DatasetInfo,
  splits: unknown,
  asked: LoadOptions,
): void {
  const { train, test } = Object(splits) as Record<string, unknown>;
  const isSplit = (split: unknown): boolean =>
    ArrayBuffer.isView((Object(split) as Partial<AnyImageDataset>).labels);
  checkThat(
    isSplit(train) && isSplit(test),
    `${name}: load`,
    "{ train, test }, each with labels in a typed array",
    splits,
  );
  for (const [split, dataset] of Object.entries({ train, test }) as [string, AnyImageDataset][]) {
    const subject = `${name}: ${split}`;
    try {
      if ("files" in dataset) checkFiles(dataset);
      else checkDataset(dataset);
    } catch (error) {
      if (!OptionError.isInstance(error)) throw error;
      throw new OptionError(error.option, `${subject}: ${error.message}`);
    }
    const shapes = [shape, asked.shape].map(String);
    checkThat(
      shapes.includes(String(dataset.shape)),
      `${subject}: shape`,
      `${show(shape)} as its info says`,
      dataset.shape,
    );
    checkThat(
      [classes, asked.classes].includes(dataset.classes.length),
      `${subject}: number of classes`,
      `${classes} as its info says`,
      dataset.classes.length,
    );
  }
}

function allDefinitions<Dataset extends AnyImageDataset>({
  datasets = [],
}: DatasetsOption<Dataset>): readonly ImageDatasetDefinition<ImageDataset | Dataset>[] {
  checkThat(Array.isArray(datasets), "datasets", "a list of definitions", datasets);
  const all = [...ownDefinitions, ...datasets];
  const names = new Set<string>();
  for (const definition of all) {
    const name: unknown = definition?.info?.name;
    if (typeof name !== "string" || name === "" || typeof definition.load !== "function") {
      throw new OptionError(
        "datasets",
        "datasets: expected definitions with info.name and load(), got something else. " +
          "Make them with defineImageDataset.",
      );
    }
    if (names.has(name)) {
      throw new OptionError("datasets", `datasets: expected one data set "${name}", got two.`);
    }
    names.add(name);
  }
  return all;
}
