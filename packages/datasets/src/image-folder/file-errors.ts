import { FormatError } from "../errors.ts";

/** Why a file cannot be read, such as `ENOENT`. */
export function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}

/** A file that cannot be read. */
export function noImage(file: string, error: unknown): FormatError {
  if (error instanceof FormatError) return error;
  return new FormatError(file, `expected an image, got none (${codeOf(error)}).`);
}
