import { didYouMean, isErrorOf, nearest, printable, show } from "@bn-only/errors";

/** Base class of every error that this package throws on purpose. */
export class DatasetError extends Error {
  static readonly marker: symbol = Symbol.for("bn-only.datasets.DatasetError");
  override name = "DatasetError";

  /** @param message one line; control characters in it, such as those of a file's name, become U+FFFD */
  constructor(message: string, options?: ErrorOptions) {
    super(printable(message), options);
  }

  /** Knows errors of this class and of those below it, in another copy of the package too. */
  static isInstance<Kind extends abstract new (...args: never) => Error>(
    this: Kind,
    value: unknown,
  ): value is InstanceType<Kind> {
    return isErrorOf(this, value);
  }
}

/** An argument that is out of range or does not fit the data. */
export class OptionError extends DatasetError {
  static override readonly marker: symbol = Symbol.for("bn-only.datasets.OptionError");
  override name = "OptionError";
  /** Its name; for an option that does not exist, the name of what it was given to. */
  readonly option: string;

  constructor(option: string, message: string) {
    super(message);
    this.option = option;
  }
}

/** A name that no data set has. */
export class NoSuchDatasetError extends DatasetError {
  static override readonly marker: symbol = Symbol.for("bn-only.datasets.NoSuchDatasetError");
  override name = "NoSuchDatasetError";
  readonly dataset: string;
  /** The name that may have been meant, where one is near. */
  readonly nearest: string | undefined;

  constructor(dataset: string, names: readonly string[]) {
    super(
      `dataset: ${show(dataset)} does not exist${didYouMean(dataset, names)} ` +
        `Known: ${names.join(", ")}.`,
    );
    this.dataset = dataset;
    this.nearest = nearest(dataset, names);
  }
}

/** Bytes that are not in the format they should be in. */
export class FormatError extends DatasetError {
  static override readonly marker: symbol = Symbol.for("bn-only.datasets.FormatError");
  override name = "FormatError";
  /** Path or name of the file, or path of the folder. */
  readonly file: string;

  constructor(file: string, message: string) {
    super(`${file}: ${message}`);
    this.file = file;
  }
}

/** What a file must be, byte for byte. */
export interface FileDigest {
  readonly bytes: number;
  /** SHA-256 in lower-case hexadecimal. */
  readonly sha256: string;
}

/** A truncated or altered file. None of it was used or cached. */
export class ChecksumError extends DatasetError {
  static override readonly marker: symbol = Symbol.for("bn-only.datasets.ChecksumError");
  override name = "ChecksumError";
  /** Path, address or name. */
  readonly file: string;
  readonly expected: FileDigest;
  /** The SHA-256 is "(not computed)" for a file on disk that is more than twice as long as it must be. */
  readonly actual: FileDigest;

  constructor(file: string, expected: FileDigest, actual: FileDigest) {
    super(
      `${file}: expected ${expected.bytes} bytes with SHA-256 ${expected.sha256}, ` +
        `got ${actual.bytes} bytes with SHA-256 ${actual.sha256}. ` +
        `The file is ${describeDamage(expected, actual)}; none of it was used. Fetch it again.`,
    );
    this.file = file;
    this.expected = expected;
    this.actual = actual;
  }
}

function describeDamage(expected: FileDigest, actual: FileDigest): string {
  if (actual.bytes < expected.bytes) return "truncated";
  return actual.bytes > expected.bytes ? "too long" : "altered";
}

/** One source that could not deliver; `message` is the reason. */
export class SourceError extends DatasetError {
  static override readonly marker: symbol = Symbol.for("bn-only.datasets.SourceError");
  override name = "SourceError";
}

/** One source that was tried, and why it did not deliver. */
export interface Attempt {
  readonly source: string;
  readonly reason: string;
}

/** No source delivered the data set. */
export class DatasetUnavailableError extends DatasetError {
  static override readonly marker: symbol = Symbol.for("bn-only.datasets.DatasetUnavailableError");
  override name = "DatasetUnavailableError";
  readonly dataset: string;
  /** What was tried, in order. */
  readonly attempts: readonly Attempt[];

  constructor(dataset: string, attempts: readonly Attempt[], advice: string) {
    const tried = attempts.map(({ source, reason }, i) => `(${i + 1}) ${source}: ${reason}`);
    super(`${dataset}: no source delivered the data. Tried ${tried.join("; ")}. ${advice}`);
    this.dataset = dataset;
    this.attempts = attempts;
  }
}
