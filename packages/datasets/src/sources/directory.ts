import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { ChecksumError, SourceError } from "../errors.ts";
import type { FileDigest } from "../errors.ts";
import { digest, verify } from "./checksum.ts";
import type { DataFiles, Manifest, Source, SourceContext } from "./source.ts";

export interface DirectorySourceOptions {
  /** Named in messages. */
  readonly name: string;
  readonly path: string;
  /** A folder inside `path` that may hold the extracted files, besides `path` itself. */
  readonly folder?: string;
  /** An archive inside `path` that may hold them. */
  readonly archive?: {
    readonly name: string;
    readonly expected: FileDigest;
    readonly read: (bytes: Uint8Array) => Promise<DataFiles>;
  };
}

/** Files that are already on this machine. Nothing is written there. */
export function directorySource({ name, path, folder, archive }: DirectorySourceOptions): Source {
  return {
    name,
    network: false,
    async load({ manifest, signal }: SourceContext): Promise<DataFiles> {
      const folders = folder === undefined ? [path] : [path, join(path, folder)];
      for (const candidate of folders) {
        if (await exists(join(candidate, manifest.files[0]!.name))) {
          return readFiles(candidate, manifest, signal);
        }
      }
      if (archive !== undefined && (await exists(join(path, archive.name)))) {
        const file = join(path, archive.name);
        const bytes = await readSized(file, archive.expected, signal);
        await verify(file, bytes, archive.expected);
        return archive.read(bytes);
      }
      const names = [manifest.files[0]!.name, archive?.name].filter((entry) => entry !== undefined);
      throw new SourceError(
        `${path}: expected ${names.join(" or ")} in it, found neither. Name the folder that has them.`,
      );
    },
  };
}

/** Reads every file of the manifest from one folder. */
export async function readFiles(
  folder: string,
  manifest: Manifest,
  signal: AbortSignal,
): Promise<DataFiles> {
  const files = new Map<string, Uint8Array>();
  for (const expected of manifest.files) {
    files.set(expected.name, await readSized(join(folder, expected.name), expected, signal));
  }
  return files;
}

async function readSized(
  file: string,
  expected: FileDigest,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const { size } = await stat(file);
  // A wrong size is reported with its hash, unless the file is too large to be worth reading.
  if (size > 2 * expected.bytes) {
    throw new ChecksumError(file, expected, { bytes: size, sha256: "(not computed)" });
  }
  const bytes = await readFile(file, { signal });
  if (bytes.length !== expected.bytes) {
    throw new ChecksumError(file, expected, await digest(bytes));
  }
  return bytes;
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
