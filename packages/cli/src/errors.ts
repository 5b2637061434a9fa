import { isErrorOf, printable } from "@bn-only/errors";
import { NoSuchDatasetError, OptionError } from "@bn-only/datasets";
import { ShapeError } from "@bn-only/frozen-layers";
import { ZooError } from "@bn-only/resnet-zoo";
import { InvalidOptionError } from "@bn-only/trainer";
import { CommanderError } from "commander";

/** A command line that cannot be carried out as written. */
export class UsageError extends Error {
  static readonly marker: symbol = Symbol.for("bn-only.cli.UsageError");
  override name = "UsageError";

  /** Knows errors of this class and of those below it, in another copy of the package too. */
  static isInstance<Kind extends abstract new (...args: never) => Error>(
    this: Kind,
    value: unknown,
  ): value is InstanceType<Kind> {
    return isErrorOf(this, value);
  }
}

/** A run that finished while something of its folder could not be written. */
export class IncompleteRunError extends Error {
  static readonly marker: symbol = Symbol.for("bn-only.cli.IncompleteRunError");
  override name = "IncompleteRunError";

  static isInstance(value: unknown): value is IncompleteRunError {
    return isErrorOf(this, value);
  }
}

/** A figure or page that could not be made, or came out otherwise than its spec says. */
export class FigureError extends Error {
  static readonly marker: symbol = Symbol.for("bn-only.cli.FigureError");
  override name = "FigureError";

  static isInstance(value: unknown): value is FigureError {
    return isErrorOf(this, value);
  }
}

export const EXIT_FAILURE = 1;
export const EXIT_USAGE = 2;
export const EXIT_INCOMPLETE = 3;

/** Whether another command line would have helped. */
export function isUsageError(error: unknown): boolean {
  return (
    error instanceof CommanderError ||
    UsageError.isInstance(error) ||
    InvalidOptionError.isInstance(error) ||
    NoSuchDatasetError.isInstance(error) ||
    OptionError.isInstance(error) ||
    ShapeError.isInstance(error) ||
    ZooError.isInstance(error)
  );
}

/** Calls of the system that may only read. */
const reading: ReadonlySet<string> = new Set(["open", "read", "scandir", "stat", "lstat"]);

/** One line that says what to do, whatever was thrown. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code, path, syscall = "" } = error as NodeJS.ErrnoException;
  const where = path === undefined ? "" : ` at ${path}`;
  switch (code) {
    case "ENOSPC":
    case "EDQUOT":
      return `the disk is full${where}. Free some space, or choose another folder with --out.`;
    case "EIO":
      return `the disk fails${where} (EIO). Choose another folder with --out.`;
    case "EACCES":
    case "EROFS":
    case "EPERM":
      return reading.has(syscall)
        ? `no permission${where}. Change it, or choose another place.`
        : `no permission${where}. Change it, or choose another folder with --out.`;
    case "ENOENT":
      return `there is nothing${where}. Check the path.`;
    case "ENOTDIR":
    case "EEXIST":
      return `a file is in the way${where}. Choose another folder with --out.`;
    default:
      // Files and names may hold what a terminal takes for commands.
      return printable(error.message.replaceAll(/\s*\n\s*/g, " "));
  }
}
