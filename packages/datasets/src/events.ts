interface EventBase {
  /** The data set being loaded. */
  readonly dataset: string;
  /** One line for a person. */
  readonly message: string;
}

/** A source is about to be asked. */
export interface SourceEvent extends EventBase {
  readonly event: "source";
  readonly source: string;
}

/** Bytes arrived; at most five of these a second, and one at the end. */
export interface DownloadEvent extends EventBase {
  readonly event: "download";
  readonly source: string;
  readonly receivedBytes: number;
  readonly totalBytes: number;
}

/** Bytes have the SHA-256 they must have. */
export interface VerifyEvent extends EventBase {
  readonly event: "verify";
  readonly source: string;
  readonly bytes: number;
}

/** A source did not deliver and is passed over. */
export interface SkipEvent extends EventBase {
  readonly event: "skip";
  readonly source: string;
  readonly reason: string;
  /** The source that is asked next, if there is one. */
  readonly next?: string;
}

/** Something went wrong that does not stop the load, such as a cache that cannot be written. */
export interface WarningEvent extends EventBase {
  readonly event: "warning";
}

/** The data is in memory. */
export interface ReadyEvent extends EventBase {
  readonly event: "ready";
  readonly source: string;
  readonly seconds: number;
}

/** What happens while a data set is loaded. */
export type DatasetEvent =
  | SourceEvent
  | DownloadEvent
  | VerifyEvent
  | SkipEvent
  | WarningEvent
  | ReadyEvent;
