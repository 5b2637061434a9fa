import { naming, newTemporaryName } from "@bn-only/files";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Space on the disk that is kept free until something important needs it. */
export interface Reserve {
  release(): void;
}

/**
 * Takes space for later: a disk that runs full meanwhile has it all the same.
 *
 * @throws the system's error when there is not so much.
 */
export function reserveSpace(folder: string, bytes: number): Reserve {
  const file = join(folder, newTemporaryName("reserve"));
  const release = (): void => rmSync(file, { force: true });
  try {
    naming(folder, () => writeFileSync(file, Buffer.alloc(bytes), { flag: "wx", flush: true }));
  } catch (error) {
    release();
    throw error;
  }
  return { release };
}
