import type { DataFiles } from "./source.ts";

/** A form in which others keep a data set on disk. */
export interface Layout {
  /** All must be there; the first one tells that it is this layout. */
  readonly files: readonly string[];
  /** A folder that may hold them, besides the one that was named. */
  readonly folder?: string;
  /** Of each file. */
  readonly mostBytes: number;
  /** Makes the files of the manifest of them, which are then checked as any others. */
  readonly read?: (files: DataFiles, signal: AbortSignal) => Promise<DataFiles>;
  /** Why it is not read, and what to fetch instead. */
  readonly refusal?: string;
}
