import { stat } from "node:fs/promises";
import type { Stats } from "node:fs";
import { FormatError } from "../errors.ts";

/** Of an image file: 2^30. */
const mostBytes = 2 ** 30;

/** A pipe would be waited for, and a file of gigabytes holds no image that is decoded. */
export async function checkFile(file: string): Promise<Stats> {
  const found = await stat(file);
  if (!found.isFile()) throw new FormatError(file, "expected an image, got no file.");
  if (found.size > mostBytes) {
    throw new FormatError(file, `expected at most ${mostBytes} bytes, got ${found.size}.`);
  }
  return found;
}
