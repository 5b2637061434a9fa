import {
  type BatchSourceOptions,
  cifar10Normalization,
  type DatasetDescription,
  greyNormalization,
  imagenetNormalization,
} from "@bn-only/datasets";

/** Constants that can be named; `own` are those of the data set itself. */
const normalizations = {
  /** The paper's code uses ImageNet's constants on CIFAR-10 too. */
  imagenet: imagenetNormalization,
  cifar10: cifar10Normalization,
  /** For one channel. */
  grey: greyNormalization,
  own: undefined,
  /** Of the training images of a run; see `withMeasured`. */
  measured: undefined,
} as const;

export type NormalizationName = keyof typeof normalizations;

export const normalizationNames = Object.keys(normalizations) as readonly NormalizationName[];

/** The name of what a data set is normalised with unless told otherwise. */
export function ownNormalization(dataset: DatasetDescription): NormalizationName {
  const { normalization, shape } = dataset;
  if (normalization === undefined) return shape[2] === 1 ? "grey" : "imagenet";
  return normalizationNames.find((name) => normalizations[name] === normalization) ?? "own";
}

/** For `batchSource`. */
export function normalizationOption(
  name: NormalizationName,
): Pick<BatchSourceOptions, "normalization"> {
  const normalization = normalizations[name];
  return normalization ? { normalization } : {};
}
