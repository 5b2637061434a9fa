import { cacheFolder, makeFolder, syncFolder } from "@bn-only/files";
import { randomUUID } from "node:crypto";
import { open, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { SourceError } from "../errors.ts";
import { readFiles } from "./directory.ts";
import { NothingThereError } from "./nothing-there.ts";
import type { DataFiles, Source, SourceContext } from "./source.ts";
import { ownerTag, removeAbandoned } from "./temporary.ts";

/**
 * Where verified files are kept: `BN_ONLY_DATA`, or `bn-only` in the cache folder of the user
 * (`XDG_CACHE_HOME` or `~/.cache`; `~/Library/Caches` on macOS; `%LOCALAPPDATA%` on Windows).
 */
export function defaultCacheDirectory(
  environment: Readonly<Record<string, string | undefined>> = process.env,
  platform: string = process.platform,
): string {
  return environment["BN_ONLY_DATA"] || cacheFolder(environment, platform);
}

/** The files as `storeInCache` left them in `folder`. */
export function cacheSource(folder: string): Source {
  const source = `the cache ${folder}`;
  return {
    name: source,
    network: false,
    async load({ manifest, signal }: SourceContext): Promise<DataFiles> {
      await removeAbandoned(folder, (name) => name.endsWith(".part"));
      const present = new Set(await readdir(folder).catch(() => []));
      const missing = manifest.files.filter(({ name }) => !present.has(name));
      if (missing.length === manifest.files.length) throw new NothingThereError(source, "empty");
      if (missing.length > 0) throw new SourceError(`incomplete, ${missing[0]!.name} is missing`);
      return readFiles(folder, manifest, signal);
    },
  };
}

/**
 * Writes verified files so that a reader sees the old file or the whole new one, never a part: each
 * goes to a name of its own, is flushed to disk, and is then renamed; the folder is flushed last. Processes that write at the
 * same time replace each other's identical files. An abort leaves whole files only.
 */
export async function storeInCache(
  folder: string,
  files: DataFiles,
  signal?: AbortSignal,
): Promise<void> {
  makeFolder(folder);
  for (const [name, bytes] of files) {
    const partial = join(folder, `${name}.${ownerTag()}-${randomUUID()}.part`);
    try {
      const handle = await open(partial, "wx");
      try {
        await handle.writeFile(bytes, { signal });
        signal?.throwIfAborted();
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(partial, join(folder, name));
    } catch (error) {
      await rm(partial, { force: true });
      throw error;
    }
  }
  syncFolder(folder);
}
