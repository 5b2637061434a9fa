import { readFile, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { ChecksumError, FormatError, SourceError } from "../errors.ts";
import type { FileDigest } from "../errors.ts";
import { digest, verify } from "./checksum.ts";
import { NothingThereError } from "./nothing-there.ts";
import type { Layout } from "./layout.ts";
import type { DataFiles, Manifest, Source, SourceContext } from "./source.ts";

export interface DirectorySourceOptions {
  /** Named in messages. */
  readonly name: string;
  readonly path: string;
  /** A folder inside `path` that may hold the extracted files, besides `path` itself. */
  readonly folder?: string | undefined;
  /** An archive inside `path` that may hold them. */
  readonly archive?: LocalArchive | undefined;
  /** Other forms in which they may lie there. */
  readonly layouts?: readonly Layout[] | undefined;
}

interface LocalArchive extends FileDigest {
  readonly name: string;
  readonly read: (bytes: Uint8Array, signal: AbortSignal) => Promise<DataFiles>;
}

/** Files that are already on this machine. Nothing is written there. */
export function directorySource(options: DirectorySourceOptions): Source {
  const { name, path, folder, archive, layouts = [] } = options;
  return {
    name,
    network: false,
    async load({ manifest, signal }: SourceContext): Promise<DataFiles> {
      for (const candidate of folder === undefined ? [path] : [path, join(path, folder)]) {
        if (await exists(join(candidate, manifest.files[0]!.name))) {
          return readFiles(candidate, manifest, signal);
        }
      }
      if (archive !== undefined && (await exists(join(path, archive.name)))) {
        const file = join(path, archive.name);
        const bytes = await readSized(file, archive, signal);
        await verify(file, bytes, archive);
        return archive.read(bytes, signal);
      }
      for (const layout of layouts) {
        const found = await findLayout(path, layout);
        if (found !== undefined) return readLayout(found, layout, signal);
      }
      throw await nothingIn(name, path, [
        manifest.files[0]!.name,
        archive?.name,
        ...names(layouts),
      ]);
    },
  };
}

function names(layouts: readonly Layout[]): string[] {
  return layouts.filter(({ read }) => read !== undefined).map(({ files }) => files[0]!);
}

/** The folder in which the first file of a layout lies. */
async function findLayout(path: string, { files, folder }: Layout): Promise<string | undefined> {
  for (const candidate of folder === undefined ? [path] : [path, join(path, folder)]) {
    if (await exists(join(candidate, files[0]!))) return candidate;
  }
  return undefined;
}

async function readLayout(
  folder: string,
  { files, mostBytes, read, refusal }: Layout,
  signal: AbortSignal,
): Promise<DataFiles> {
  if (read === undefined) throw new SourceError(`${join(folder, files[0]!)}: ${refusal}`);
  const found = new Map<string, Uint8Array>();
  for (const name of files) {
    const file = join(folder, name);
    if (!(await exists(file))) throw new SourceError(`${file}: expected it beside ${files[0]}.`);
    const { size } = await stat(file);
    if (size > mostBytes) {
      throw new FormatError(file, `expected at most ${mostBytes} bytes, got ${size}.`);
    }
    found.set(name, await readFile(file, { signal }));
  }
  return read(found, signal);
}

/** What was looked for, and what lies there instead. */
async function nothingIn(
  name: string,
  path: string,
  wanted: readonly (string | undefined)[],
): Promise<SourceError> {
  const files = wanted.filter((file) => file !== undefined);
  const list = files.join(", ").replace(/, ([^,]*)$/, " or $1");
  let entries: string[];
  try {
    entries = await readdir(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const got = code === "ENOTDIR" ? "it is a file" : code === "ENOENT" ? "there is none" : code;
    return new NothingThereError(name, `expected a folder with ${list}, but ${got}.`);
  }
  const shown = entries.sort().slice(0, 3).join(", ");
  const more = entries.length > 3 ? ` and ${entries.length - 3} more` : "";
  const got = entries.length === 0 ? "it is empty" : `it holds ${shown}${more}`;
  return new NothingThereError(
    name,
    `expected ${list} in it, but ${got}. Name the folder that has them.`,
  );
}

/** Reads every file of the manifest from one folder. */
export async function readFiles(
  folder: string,
  manifest: Manifest,
  signal: AbortSignal,
): Promise<DataFiles> {
  const files = new Map<string, Uint8Array>();
  for (const expected of manifest.files) {
    const file = join(folder, expected.name);
    if (!(await exists(file))) {
      throw new SourceError(`${file}: expected it beside ${manifest.files[0]!.name}, got none.`);
    }
    files.set(expected.name, await readSized(file, expected, signal));
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

/** A folder or a pipe of that name is none. */
async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}
