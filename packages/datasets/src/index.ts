export { batchSource } from "./batches/batch-source.ts";
export { cifar10 } from "./cifar10.ts";
export { cifar10Mirror } from "./cifar10-sources.ts";
export { defineImageDataset } from "./define-image-dataset.ts";
export { readTarGzip } from "./formats/tar-gzip.ts";
export { labelArray } from "./labels.ts";
export { listDatasets, loadDataset } from "./registry.ts";
export { httpSource } from "./sources/http.ts";
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
export type { Cifar10MirrorOptions } from "./cifar10-sources.ts";
export type {
  FileDatasetDefinition,
  ImageDatasetRecipe,
  LabelledImages,
  ParsedFiles,
} from "./define-image-dataset.ts";
export type { DatasetInfo, ImageDatasetDefinition, LoadOptions } from "./definition.ts";
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
export type { DatasetsOption, LoadDatasetOptions } from "./registry.ts";
export type { HttpSourceOptions } from "./sources/http.ts";
export type { Archive, FileOptions } from "./sources/load-files.ts";
export type { DataFiles, Manifest, ManifestFile, Source, SourceContext } from "./sources/source.ts";
export type { SyntheticOptions } from "./synthetic.ts";
export type {
  Batch,
  BatchOptions,
  BatchSource,
  DatasetDescription,
  DatasetSplits,
  ImageDataset,
  ImageShape,
  Labels,
  Normalization,
} from "./types.ts";
