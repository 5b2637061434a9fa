import { environment, nodeParts } from "../environment.ts";
import type { FileDigest } from "../errors.ts";
import type { DatasetEvent } from "../events.ts";
import { loadFromChain } from "./chain.ts";
import type { ChainLink } from "./chain.ts";
import type { Layout } from "./layout.ts";
import type { DataFiles, Manifest, Source } from "./source.ts";

/** Where the files of a data set may come from. */
export interface FileOptions {
  /**
   * Local folder with the files of the data set or with its archive. When given, nothing else is
   * asked. Default: none.
   */
  readonly directory?: string | undefined;
  /** Folder for verified data. Default: `BN_ONLY_DATA`, or `bn-only` in the user's cache folder. */
  readonly cacheDirectory?: string | undefined;
  /** Ask no source that needs a network. Default: true when `BN_ONLY_OFFLINE=1`, else false. */
  readonly offline?: boolean | undefined;
  /** Network sources, in order. Default: those of the data set. */
  readonly sources?: readonly Source[] | undefined;
  /** Milliseconds without a byte after which a source is passed over. Default 10,000. */
  readonly timeout?: number | undefined;
  /** Called with every step; `event.message` is one line for a person. */
  readonly onProgress?: ((event: DatasetEvent) => void) | undefined;
  /** Stops the load; the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** An archive that holds the files of a manifest. */
export interface Archive extends FileDigest {
  readonly name: string;
  /** The files in it, by name. */
  readonly read: (bytes: Uint8Array, signal: AbortSignal) => Promise<DataFiles>;
}

export interface FilesRequest {
  readonly manifest: Manifest;
  /** Asked when neither a local folder nor the cache has the files, in order. */
  readonly sources: readonly Source[];
  /** A folder inside a local folder that may hold the files, besides the local folder itself. */
  readonly folder?: string | undefined;
  /** An archive in a local folder that may hold them. */
  readonly archive?: Archive | undefined;
  /** Other forms in which they may lie in a local folder. */
  readonly layouts?: readonly Layout[] | undefined;
}

/**
 * The verified files of a data set, from the first place that has them: the local folder, the cache,
 * the folder `BN_ONLY_DATA`, the network sources. What a network source brings is kept in the cache.
 *
 * @throws ChecksumError or SourceError when `directory` is given and does not hold the files
 * @throws DatasetUnavailableError when no source delivered; lists what was tried
 */
export async function loadFiles(
  request: FilesRequest,
  options: FileOptions,
): Promise<{ files: DataFiles; source: string }> {
  const {
    offline = environment("BN_ONLY_OFFLINE") === "1",
    timeout = 10_000,
    onProgress: report = () => undefined,
    signal = new AbortController().signal,
  } = options;
  signal.throwIfAborted();
  const links = await chainLinks(request, options, report);
  const advice = adviceFor(request);
  return loadFromChain(request.manifest, links, { offline, timeout, signal, report, advice });
}

async function chainLinks(
  request: FilesRequest,
  options: FileOptions,
  report: (event: DatasetEvent) => void,
): Promise<readonly ChainLink[]> {
  const network = options.sources ?? request.sources;
  const node = nodeParts();
  if (node === undefined) return network.map((source) => ({ source }));
  const { join } = await node.path();
  const { directorySource } = await node.directory();
  const { cacheSource, defaultCacheDirectory, storeInCache } = await node.cache();
  const { archive, folder: inside, layouts } = request;
  const local = (name: string, path: string): Source =>
    directorySource({ name, path, folder: inside, archive, layouts });
  if (options.directory !== undefined) {
    const name = `the folder ${options.directory}`;
    return [{ source: local(name, options.directory), required: true }];
  }
  const { dataset } = request.manifest;
  const folder = join(options.cacheDirectory ?? defaultCacheDirectory(), dataset);
  const keep = async (files: DataFiles, signal: AbortSignal): Promise<void> => {
    try {
      await storeInCache(folder, files, signal);
    } catch (error) {
      signal.throwIfAborted();
      const message = `${dataset}: not cached in ${folder}: ${describe(error)}; the data is used from memory`;
      report({ event: "warning", dataset, message });
    }
  };
  const named = environment("BN_ONLY_DATA");
  return [
    { source: cacheSource(folder), quiet: true },
    ...(named ? [{ source: local(`the folder ${named} (BN_ONLY_DATA)`, named), quiet: true }] : []),
    ...network.map((source) => (source.network ? { source, keep } : { source })),
  ];
}

function adviceFor({ archive, manifest }: FilesRequest): string {
  const [first, ...others] = manifest.files.map(({ name }) => name);
  const what =
    archive?.name ?? (others.length === 0 ? first : `${others.length + 1} files (${first}, ...)`);
  return (
    `Fetch ${what} on another machine and name its folder: --data-dir on the ` +
    "command line, the option directory, or the environment variable BN_ONLY_DATA."
  );
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = "code" in error ? error.code : undefined;
  return code === "ENOSPC" ? "the disk is full" : error.message;
}
