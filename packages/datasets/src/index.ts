export { arrays } from "./arrays.ts";
export { batchSource } from "./batches/batch-source.ts";
export { cifar10 } from "./cifar10.ts";
export { cifar100 } from "./cifar100.ts";
export { cifar10Mirror } from "./cifar10-sources.ts";
export { defineImageDataset } from "./define-image-dataset.ts";
export { fashionMnist } from "./fashion-mnist.ts";
export { gunzip } from "./formats/gunzip.ts";
export { parseIdx } from "./formats/idx.ts";
export { readTarGzip } from "./formats/tar-gzip.ts";
export { imageFolder } from "./image-folder/image-folder.ts";
export { readImages } from "./image-folder/read-images.ts";
export { labelArray } from "./labels.ts";
export { mnist } from "./mnist.ts";
export { listDatasets, loadDataset } from "./registry.ts";
export { httpSource } from "./sources/http.ts";
export { httpFilesSource } from "./sources/http-files.ts";
export { subset } from "./subset.ts";
export { synthetic } from "./synthetic.ts";
export { centerCrop } from "./transforms/center-crop.ts";
export { cifarAugmentation } from "./transforms/cifar-augmentation.ts";
export { cropWithPadding } from "./transforms/crop-with-padding.ts";
export { horizontalFlip } from "./transforms/horizontal-flip.ts";
export {
  cifar10Normalization,
  greyNormalization,
  imagenetNormalization,
} from "./transforms/normalize.ts";
export { measureNormalization } from "./transforms/measure-normalization.ts";
export { randomResizedCrop } from "./transforms/random-resized-crop.ts";
export { resize } from "./transforms/resize.ts";
export {
  ChecksumError,
  DatasetError,
  DatasetUnavailableError,
  FormatError,
  NoSuchDatasetError,
  OptionError,
  SourceError,
} from "./errors.ts";

export type { ArraysOptions } from "./arrays.ts";
export type { BatchSourceOptions } from "./batches/batch-options.ts";
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
export type { ImageFolderOptions } from "./image-folder/image-folder.ts";
export type { DatasetsOption, LoadDatasetOptions } from "./registry.ts";
export type { IdxArray } from "./formats/idx.ts";
export type { HttpSourceOptions } from "./sources/http.ts";
export type { HttpFilesSourceOptions } from "./sources/http-files.ts";
export type { Layout } from "./sources/layout.ts";
export type { Archive, FileOptions } from "./sources/load-files.ts";
export type { DataFiles, Manifest, ManifestFile, Source, SourceContext } from "./sources/source.ts";
export type { SyntheticOptions } from "./synthetic.ts";
export type { CenterCropOptions } from "./transforms/center-crop.ts";
export type { CropWithPaddingOptions } from "./transforms/crop-with-padding.ts";
export type { RandomResizedCropOptions } from "./transforms/random-resized-crop.ts";
export type { ResizeOptions } from "./transforms/resize.ts";
export type { Size } from "./transforms/size.ts";
export type { Image, Transform, TransformRandom } from "./transforms/transform.ts";
export type {
  AnyImageDataset,
  Batch,
  BatchOptions,
  BatchSource,
  DatasetDescription,
  DatasetSplits,
  FileBatchSource,
  ImageDataset,
  ImageFileDataset,
  ImageShape,
  Labels,
  Normalization,
} from "./types.ts";
