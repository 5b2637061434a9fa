import { readFileSync, statSync } from "node:fs";

/**
 * The bytes of a file. A pipe might be waited for without end, and a device such as `/dev/zero` has none.
 *
 * @throws Error of the file system, or one that says that it is no file.
 */
export function readRegularFile(path: string): Buffer {
  const stats = statSync(path);
  if (!stats.isFile() && !stats.isDirectory()) throw new Error("it is a pipe or a device");
  return readFileSync(path);
}
