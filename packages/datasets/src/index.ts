export { batchSource } from "./batches/batch-source.ts";
export { cifar10 } from "./cifar10.ts";
export { cifar10Mirror } from "./cifar10-sources.ts";
export { listDatasets, loadDataset } from "./registry.ts";
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
export type { Cifar10Options } from "./cifar10.ts";
export type { Cifar10MirrorOptions } from "./cifar10-sources.ts";
export type { Attempt, FileDigest } from "./errors.ts";
export type {
  DatasetEvent,
  DownloadEvent,
  ReadyEvent,
  SkipEvent,
  SourceEvent,
  VerifyEvent,
  WarningEvent,
} from "./events.ts";
export type { DatasetInfo, LoadDatasetOptions } from "./registry.ts";
export type { DataFiles, Manifest, ManifestFile, Source, SourceContext } from "./sources/source.ts";
export type { SyntheticOptions } from "./synthetic.ts";
export type {
  Batch,
  BatchOptions,
  BatchSource,
  DatasetSplits,
  ImageDataset,
  Normalization,
} from "./types.ts";
