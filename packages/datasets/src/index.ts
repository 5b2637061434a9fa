export { batchSource } from "./batches/batch-source.ts";
export { subset } from "./subset.ts";
export { synthetic } from "./synthetic.ts";
export { cifar10Normalization, imagenetNormalization } from "./transforms/normalize.ts";
export {
  ChecksumError,
  DatasetError,
  DatasetUnavailableError,
  FormatError,
  NoSuchDatasetError,
  OptionError,
  SourceError,
} from "./errors.ts";

export type { BatchSourceOptions } from "./batches/batch-source.ts";
export type { Attempt, FileDigest } from "./errors.ts";
export type { SyntheticOptions } from "./synthetic.ts";
export type {
  Batch,
  BatchOptions,
  BatchSource,
  DatasetSplits,
  ImageDataset,
  Normalization,
} from "./types.ts";
