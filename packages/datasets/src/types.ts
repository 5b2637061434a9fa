/** Shape of one image; pixels lie row by row, channels interleaved. */
export type ImageShape = readonly [height: number, width: number, channels: number];

/** Labels of images; the narrowest array that holds every class. */
export type Labels = Uint8Array | Uint16Array | Int32Array;

/** What images in memory and images on disk have in common. */
export interface DatasetDescription {
  /** The name that `loadDataset` knows, such as `"cifar10"`. */
  readonly name: string;
  /** `[count]`; `labels[i]` is an index into `classes`. */
  readonly labels: Labels;
  /** Shape of one image. */
  readonly shape: ImageShape;
  /** Class names, in label order. */
  readonly classes: readonly string[];
  /** What `batchSource` normalises with unless told otherwise. */
  readonly normalization?: Normalization;
}

/**
 * Images and labels of one split, in memory.
 *
 * `images` is `[count, height, width, channels]`, row-major, one byte per value, channels in the
 * order of the data set (RGB for colour).
 */
export interface ImageDataset extends DatasetDescription {
  /** `[count, height, width, channels]`. */
  readonly images: Uint8Array;
}

/** Images of one split that stay on disk, a PNG or JPEG each, and are read when a batch needs them. */
export interface ImageFileDataset extends DatasetDescription {
  /** `[count]`, paths. */
  readonly files: readonly string[];
  /**
   * Images are brought to the size in `shape`: the largest window in the middle of these
   * proportions, resized. False when every file has that size already.
   */
  readonly fitted: boolean;
}

/** A split in memory or on disk. */
export type AnyImageDataset = ImageDataset | ImageFileDataset;

/** The two splits of a data set. */
export interface DatasetSplits<Dataset extends AnyImageDataset = ImageDataset> {
  readonly train: Dataset;
  readonly test: Dataset;
}

/** One batch: normalised images and their labels. Both arrays belong to the caller. */
export interface Batch {
  /** `[size, height, width, channels]`, a fresh array for every batch. */
  readonly images: Float32Array;
  /** `[size]`. */
  readonly labels: Int32Array;
  /** Number of images; smaller than `batchSize` in the last batch of an epoch. */
  readonly size: number;
}

/** Which batches to give: everything that decides their content besides the source itself. */
export interface BatchOptions {
  /** Epoch, from 0. Order and augmentation depend on it. */
  readonly epoch: number;
  /** Images per batch. */
  readonly batchSize: number;
  /** First batch of the epoch to give, from 0. Default 0. Reached without making those before it. */
  readonly startStep?: number | undefined;
}

/**
 * A re-iterable supply of batches. `batches` is pure: the same options give the same bits, on any
 * machine, in any order of calls. The last, partial batch is included.
 */
export interface BatchSource {
  /** Images per epoch. */
  readonly size: number;
  /** Shape of one image: height, width, channels. */
  readonly inputShape: ImageShape;
  /** Number of classes. */
  readonly classes: number;
  /** The constants that the images are normalised with, to be kept with a model. */
  readonly normalization: Normalization;
  /**
   * Batches of one epoch, which may be iterated over again.
   *
   * @throws OptionError when an option is out of range
   */
  batches(options: BatchOptions): Iterable<Batch>;
}

/** As `BatchSource`, of images that must be read first. Leaving the loop early ends the reading. */
export interface FileBatchSource extends Omit<BatchSource, "batches"> {
  /**
   * Batches of one epoch, which may be iterated over again. Reading begins with the loop.
   *
   * @throws OptionError when an option is out of range
   */
  batches(options: BatchOptions): AsyncIterable<Batch>;
}

/** `(value / 255 - mean) / std`, per channel, on pixel values 0 to 255. */
export interface Normalization {
  readonly mean: readonly number[];
  readonly std: readonly number[];
}
