import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { bytesOf, real, type WatchedFiles } from "./files.ts";

type Anything = (...args: never[]) => unknown;
type Patch = Readonly<Record<string, (...args: never[]) => unknown>>;

/** Puts watched files in the place of Node's, for all modules of this process; what is outside the root passes. */
export function install(files: WatchedFiles): void {
  const sync = syncFunctions(files);
  const promised = promisedFunctions(files);
  const refuses = (module: object): Patch => refused(files, module);
  Object.assign(fs, refuses(fs), guarded(files, fs, sync));
  Object.assign(fs.promises, refuses(fs.promises), guarded(files, fs.promises, promised));
  syncBuiltinESMExports();
}

function syncFunctions(files: WatchedFiles): Patch {
  return {
    openSync: files.open.bind(files),
    writeSync: (
      descriptor: number,
      data: string | NodeJS.ArrayBufferView,
      offset?: number,
      length?: number,
      position?: number | null,
    ) => {
      const bytes = bytesOf(data);
      if (typeof data === "string") return files.write(descriptor, bytes, offset);
      const [from, count] = [offset ?? 0, length ?? bytes.length - (offset ?? 0)];
      return files.write(descriptor, bytes.subarray(from, from + count), position);
    },
    writeFileSync: files.writeFile.bind(files),
    ftruncateSync: files.truncate.bind(files),
    fsyncSync: files.sync.bind(files),
    fdatasyncSync: files.sync.bind(files),
    closeSync: files.close.bind(files),
    renameSync: files.rename.bind(files),
    mkdirSync: files.mkdir.bind(files),
    rmdirSync: files.rmdir.bind(files),
    unlinkSync: files.unlink.bind(files),
    rmSync: files.rm.bind(files),
  };
}

/** Of `node:fs/promises`: the same steps, done at once. */
function promisedFunctions(files: WatchedFiles): Patch {
  const later =
    (act: Anything) =>
    async (...args: never[]): Promise<unknown> =>
      act(...args);
  return {
    open: async (path: string, flags = "r", mode?: fs.Mode) => {
      if (flags === "r") return realPromises.open(path);
      // Watched under a descriptor of its own; what only reads is left to Node's handle.
      const descriptor = files.open(path, flags, mode);
      return watchedHandle(files, await realPromises.open(path, "r+"), descriptor);
    },
    writeFile: later(files.writeFile.bind(files)),
    rename: later(files.rename.bind(files)),
    mkdir: later(files.mkdir.bind(files)),
    rmdir: later(files.rmdir.bind(files)),
    unlink: later(files.unlink.bind(files)),
    rm: later(files.rm.bind(files)),
  };
}

const realPromises = { ...fs.promises };

function watchedHandle(
  files: WatchedFiles,
  handle: fs.promises.FileHandle,
  descriptor: number,
): fs.promises.FileHandle {
  const close = handle.close.bind(handle);
  const unwatched = (name: string) => async (): Promise<never> => {
    throw unknown(`FileHandle.${name}`);
  };
  return Object.assign(handle, {
    async writeFile(data: string | NodeJS.ArrayBufferView, options?: { signal?: AbortSignal }) {
      options?.signal?.throwIfAborted();
      files.writeAll(descriptor, bytesOf(data));
    },
    sync: async () => files.sync(descriptor),
    datasync: async () => files.sync(descriptor),
    truncate: async (size?: number) => files.truncate(descriptor, size),
    write: unwatched("write"),
    writev: unwatched("writev"),
    appendFile: unwatched("appendFile"),
    createWriteStream: unwatched("createWriteStream"),
    async close() {
      files.close(descriptor);
      await close();
    },
  });
}

/** A function for what is inside the root, and Node's for the rest. */
function guarded(files: WatchedFiles, module: object, patch: Patch): Patch {
  return Object.fromEntries(
    Object.entries(patch).map(([name, watched]) => {
      const original = originalOf(module, name);
      const guard = (...args: never[]): unknown =>
        files.within(args[0]) !== undefined || files.isOpen(args[0])
          ? watched(...args)
          : original(...args);
      return [name, guard];
    }),
  );
}

const changing =
  /^(appendFile|copyFile|cp|link|symlink|truncate|lchmod|chmod|chown|lchown|utimes|lutimes|mkdtemp|createWriteStream|writev|write|writeFile|open|ftruncate|fsync|fdatasync|rename|mkdir|rmdir|unlink|rm)(Sync)?$/;

/** A way to change files that is not watched would be one that nothing here tests. */
function refused(files: WatchedFiles, module: object): Patch {
  const names = Object.keys(module).filter((name) => changing.test(name));
  return Object.fromEntries(
    names.map((name) => {
      const original = originalOf(module, name);
      const guard = (...args: never[]): unknown => {
        if (args.some((path) => files.within(path) !== undefined)) throw unknown(name);
        return original(...args);
      };
      return [name, guard];
    }),
  );
}

function originalOf(module: object, name: string): Anything {
  const originals: object = module === fs ? real : realPromises;
  return (originals as Readonly<Record<string, Anything>>)[name]!;
}

function unknown(name: string): Error {
  return new Error(`torture: ${name} is not watched; add it to tools/torture/src/layer`);
}
