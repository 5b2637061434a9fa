import { FormatError } from "../errors.ts";

/**
 * Labels as a JSON array of integers.
 *
 * @param file name of the file, for messages
 * @throws FormatError unless it holds exactly `count` integers in `[0, classes)`
 */
export function parseLabelList(
  bytes: Uint8Array,
  file: string,
  count: number,
  classes: number,
): Uint8Array {
  let list: unknown;
  try {
    list = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw new FormatError(file, `expected a JSON array, got ${bytes.length} other bytes.`);
  }
  if (!Array.isArray(list) || list.length !== count) {
    const got = Array.isArray(list) ? `an array of ${list.length}` : typeof list;
    throw new FormatError(file, `expected an array of ${count} labels, got ${got}.`);
  }
  return Uint8Array.from(list, (label: unknown, index) => {
    if (typeof label === "number" && Number.isInteger(label) && label >= 0 && label < classes) {
      return label;
    }
    // What is no number may hold anything.
    const got = typeof label === "number" ? label : label === null ? "null" : typeof label;
    throw new FormatError(
      file,
      `expected labels from 0 to ${classes - 1}, got ${got} for image ${index}.`,
    );
  });
}
