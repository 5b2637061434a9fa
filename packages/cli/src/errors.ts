import { distance } from "fastest-levenshtein";

/** A command line that cannot be carried out as written; exit code 2. */
export class UsageError extends Error {
  override name = "UsageError";
}

export const EXIT_FAILURE = 1;
export const EXIT_USAGE = 2;
/** 128 + SIGINT, the shell's convention. */
export const EXIT_INTERRUPTED = 130;

/** The choice that is closest to what was typed. */
export function nearest(typed: string, choices: readonly string[]): string {
  const byDistance = choices.toSorted(
    (a, b) => distance(typed.toLowerCase(), a) - distance(typed.toLowerCase(), b),
  );
  return byDistance[0]!;
}

/** One line that says what to do, whatever was thrown. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code, path } = error as NodeJS.ErrnoException;
  const where = path === undefined ? "" : ` at ${path}`;
  switch (code) {
    case "ENOSPC":
      return `the disk is full${where}. Free some space, or choose another folder with --out.`;
    case "EACCES":
    case "EROFS":
    case "EPERM":
      return `no permission to write${where}. Choose another folder with --out.`;
    case "ENOENT":
      return `there is no file${where}. Check the path.`;
    case "EISDIR":
      return `expected a file, found a folder${where}. Name the model.safetensors inside it.`;
    case "ENOTDIR":
    case "EEXIST":
      return `a file is in the way${where}. Choose another folder with --out.`;
    default:
      return error.message.replaceAll(/\s*\n\s*/g, " ");
  }
}
