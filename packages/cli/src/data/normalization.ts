import { cifar10Normalization, imagenetNormalization } from "@bn-only/datasets";

export const normalizations = {
  /** The paper's code uses ImageNet's constants on CIFAR-10 too. */
  imagenet: imagenetNormalization,
  cifar10: cifar10Normalization,
};

export type NormalizationName = keyof typeof normalizations;

export const normalizationNames = Object.keys(normalizations) as readonly NormalizationName[];
