import { checkThat } from "./check.ts";
import { checkRecipe } from "./check-recipe.ts";
import { checkLoadOptions } from "./sources/file-options.ts";
import { checkDataset } from "./check-dataset.ts";
import type { DatasetInfo, ImageDatasetDefinition } from "./definition.ts";
import { OptionError } from "./errors.ts";
import type { Layout } from "./sources/layout.ts";
import { loadFiles } from "./sources/load-files.ts";
import type { Archive, FileOptions } from "./sources/load-files.ts";
import type { DataFiles, Manifest, Source } from "./sources/source.ts";
import type { DatasetSplits, ImageDataset, Labels, Normalization } from "./types.ts";

/** Images and labels of one split, as a parser gives them. */
export interface LabelledImages {
  /** `[count, height, width, channels]`. */
  readonly images: Uint8Array;
  /** `[count]`. */
  readonly labels: Labels;
}

/** What `parse` makes of the files. */
export interface ParsedFiles {
  /** Class names, in label order. */
  readonly classes: readonly string[];
  readonly train: LabelledImages;
  readonly test: LabelledImages;
}

/** A data set as files, where they come from and what they mean. */
export interface ImageDatasetRecipe {
  readonly info: DatasetInfo;
  /** The files and their SHA-256; `parse` sees nothing else, and the cache holds these. */
  readonly manifest: Manifest;
  /** Network sources, asked in order when neither a local folder nor the cache has the files. */
  readonly sources: readonly Source[];
  /** Pure: bytes in, arrays out. Throws a `FormatError` that names the file; may stop when `signal` is aborted. */
  parse(files: DataFiles, signal: AbortSignal): ParsedFiles | Promise<ParsedFiles>;
  /** Default of `batchSource`. Default: ImageNet's constants, by the number of channels. */
  readonly normalization?: Normalization | undefined;
  /** A folder inside the user's `directory` that may hold the files. Default: none. */
  readonly folder?: string | undefined;
  /** An archive in the user's `directory` that may hold the files. Default: none. */
  readonly archive?: Archive | undefined;
  /** Other forms in which the files may lie in the user's `directory`. Default: none. */
  readonly layouts?: readonly Layout[] | undefined;
}

/** A definition whose `load` needs no options. */
export interface FileDatasetDefinition extends ImageDatasetDefinition {
  /**
   * Both splits in memory, from the first place that has the files.
   *
   * @throws OptionError for a wrong option, and when files and `info` do not fit
   * @throws ChecksumError or SourceError when `directory` is given and does not hold the files
   * @throws DatasetUnavailableError when no source delivered; lists what was tried
   */
  load(options?: FileOptions): Promise<DatasetSplits>;
}

/**
 * A data set from a recipe. Its `load` asks the local folder, the cache and the sources in order,
 * checks every file against the manifest, parses, and checks that images, labels and `info` fit.
 *
 * @throws OptionError when manifest and info name two data sets, or there are no files
 */
export function defineImageDataset(recipe: ImageDatasetRecipe): FileDatasetDefinition {
  checkRecipe(recipe);
  const { info, manifest, normalization } = recipe;
  if (manifest.dataset !== info.name) {
    throw new OptionError(
      "manifest",
      `manifest: expected the files of ${info.name}, got those of ${manifest.dataset}.`,
    );
  }
  const toDataset = (classes: readonly string[], split: LabelledImages): ImageDataset => {
    const { name, shape } = info;
    const { images, labels } = split;
    const dataset = { name, images, labels, shape, classes };
    checkDataset(dataset);
    return normalization === undefined ? dataset : { ...dataset, normalization };
  };
  return {
    info,
    async load(options: FileOptions = {}): Promise<DatasetSplits> {
      const started = performance.now();
      checkLoadOptions(`${info.name}: load`, options);
      const { signal = new AbortController().signal } = options;
      const { files, source } = await loadFiles(recipe, options);
      const parsed = await recipe.parse(files, signal);
      signal.throwIfAborted();
      checkParsed(parsed);
      const { classes, train, test } = parsed;
      if (classes.length !== info.classes) {
        throw new OptionError(
          "classes",
          `${info.name}: expected ${info.classes} classes, got ${classes.length}.`,
        );
      }
      const splits = { train: toDataset(classes, train), test: toDataset(classes, test) };
      const seconds = (performance.now() - started) / 1000;
      const counts = `${train.labels.length} training and ${test.labels.length} test images`;
      const message = `${info.name}: ${counts} from ${source} in ${seconds.toFixed(1)} s`;
      options.onProgress?.({ event: "ready", dataset: info.name, source, seconds, message });
      return splits;
    },
  };
}

function checkParsed(parsed: unknown): asserts parsed is ParsedFiles {
  const { classes, train, test } = Object(parsed) as Record<string, unknown>;
  const isSplit = (split: unknown): boolean => typeof split === "object" && split !== null;
  const fits = Array.isArray(classes) && isSplit(train) && isSplit(test);
  checkThat(fits, "parse", "{ classes, train, test }", parsed);
}
