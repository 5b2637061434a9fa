import fs from "node:fs";
import type { PathLike } from "node:fs";
import { syncBuiltinESMExports } from "node:module";

/** Where parsers that read from disk find their files: in memory, since calls of the system take longer than parsing. */
export const memoryDisk = "/bn-only-fuzz";

const disk = new Map<string, Uint8Array>();

/** Puts a file on the disk in memory, in place of the one of that path. */
export function putFile(path: string, bytes: Uint8Array): void {
  if (disk.size === 0) replaceReads();
  disk.set(path, bytes);
}

const isOurs = (path: unknown): path is string =>
  typeof path === "string" && path.startsWith(memoryDisk);

const isFolder = (path: string): boolean =>
  [...disk.keys()].some((name) => name.startsWith(`${path}/`));

function missing(path: string): Error {
  return Object.assign(new Error(`ENOENT: no such file, '${path}'`), { code: "ENOENT", path });
}

function read(path: string): Buffer {
  const bytes = disk.get(path);
  if (bytes === undefined) throw missing(path);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}

function stats(path: string): Partial<fs.Stats> | undefined {
  const bytes = disk.get(path);
  if (bytes === undefined && !isFolder(path)) return undefined;
  return {
    size: bytes?.length ?? 0,
    isFile: () => bytes !== undefined,
    isDirectory: () => bytes === undefined,
  };
}

type Options = { encoding?: BufferEncoding; throwIfNoEntry?: boolean } | BufferEncoding | undefined;

/** What reads in `node:fs`, for paths of this disk. */
const reads = {
  readFileSync(path: string, options: Options): Buffer | string {
    const encoding = typeof options === "string" ? options : options?.encoding;
    return encoding === undefined ? read(path) : read(path).toString(encoding);
  },
  statSync(path: string, options: Options): Partial<fs.Stats> | undefined {
    const found = stats(path);
    if (found !== undefined) return found;
    if (typeof options === "object" && options.throwIfNoEntry === false) return undefined;
    throw missing(path);
  },
  existsSync: (path: string): boolean => stats(path) !== undefined,
  readdirSync: (path: string): string[] =>
    [...disk.keys()]
      .filter((name) => name.startsWith(`${path}/`))
      .map((name) => name.slice(path.length + 1)),
};

function replaceReads(): void {
  const { lstatSync, readFileSync, statSync, existsSync, readdirSync } = fs;
  const originals = { readFileSync, statSync, lstatSync, existsSync, readdirSync };
  const ours = { ...reads, lstatSync: reads.statSync };
  for (const name of Object.keys(originals) as (keyof typeof originals)[]) {
    const original = originals[name] as (path: PathLike, options: Options) => unknown;
    const replacement = (path: PathLike, options: Options): unknown =>
      isOurs(path) ? ours[name](path, options) : original(path, options);
    Object.assign(fs, { [name]: replacement });
  }
  // Of modules that import them by name.
  syncBuiltinESMExports();
}
