import type { FileOptions } from "./sources/load-files.ts";
import type { SyntheticOptions } from "./synthetic.ts";
import type { AnyImageDataset, DatasetSplits, ImageDataset, ImageShape } from "./types.ts";

/** What is known about a data set before it is loaded. */
export interface DatasetInfo {
  /** For `loadDataset`. */
  readonly name: string;
  /** One line. */
  readonly description: string;
  /** Shape of one image. */
  readonly shape: ImageShape;
  /** Number of classes. */
  readonly classes: number;
  readonly trainSize: number;
  readonly testSize: number;
  /** Terms of use. */
  readonly licence: string;
  /** Whom to cite, if anyone. */
  readonly citation?: string;
  readonly homepage?: string;
  /** True when it needs a network the first time. */
  readonly download: boolean;
}

/** Options of every data set; each reads the ones it knows. */
export interface LoadOptions extends FileOptions, SyntheticOptions {}

/**
 * A data set that `loadDataset` can load by name. `defineImageDataset` makes one from files that
 * must be fetched; anything else with these two members is one too.
 */
export interface ImageDatasetDefinition<Dataset extends AnyImageDataset = ImageDataset> {
  readonly info: DatasetInfo;
  /** Both splits. Options that only other data sets have may come along, and are to be ignored. */
  load(options: LoadOptions): Promise<DatasetSplits<Dataset>>;
}
