import fs from "node:fs";
import { relative, resolve, sep } from "node:path";
import type { Operation, Watcher } from "./operation.ts";

/** Node's own functions, whatever `fs` holds by now. */
export const real = { ...fs };

type Bytes = string | NodeJS.ArrayBufferView;

interface OpenFile {
  path: string;
  position: number;
  readonly appends: boolean;
}

/**
 * The file system as a program sees it, with a watcher in between. What Node does in one call is done here in the steps that
 * a kernel sees: `writeFileSync` is create, write and fsync.
 */
export class WatchedFiles {
  /** Only what lies in here is watched. */
  root = "";
  readonly #watcher: Watcher;
  readonly #open = new Map<number, OpenFile>();

  constructor(watcher: Watcher) {
    this.#watcher = watcher;
  }

  /** The path inside the root; undefined for what is outside. */
  within(path: unknown): string | undefined {
    if (this.root === "" || typeof path !== "string") return undefined;
    const inside = relative(this.root, resolve(path));
    return inside === ".." || inside.startsWith(`..${sep}`) ? undefined : inside || ".";
  }

  isOpen(descriptor: unknown): boolean {
    return this.#open.has(descriptor as number);
  }

  open(path: string, flags: fs.OpenMode = "r", mode?: fs.Mode): number {
    const inside = this.within(path)!;
    const writes = /^[wax]|\+/.test(String(flags));
    const there = real.existsSync(path);
    const act = (): number => real.openSync(path, flags, mode);
    const cuts = String(flags).startsWith("w") && there && !String(flags).includes("x");
    let descriptor: number;
    if (writes && !there) descriptor = this.#perform({ op: "create", path: inside }, act);
    else if (cuts) descriptor = this.#perform({ op: "truncate", path: inside, size: 0 }, act);
    else descriptor = act();
    this.#open.set(descriptor, {
      path: inside,
      position: 0,
      appends: String(flags).startsWith("a"),
    });
    return descriptor;
  }

  /** One write, which a full disk may cut short. */
  write(descriptor: number, bytes: Uint8Array, position?: number | null): number {
    const file = this.#open.get(descriptor)!;
    const end = file.appends ? real.fstatSync(descriptor).size : file.position;
    const at = position ?? end;
    const whole = operationOf(file, at, bytes);
    const taken = bytes.subarray(0, this.#watcher.before(whole) ?? bytes.length);
    const half = taken.length >> 1;
    real.writeSync(descriptor, taken, 0, half, at);
    this.#watcher.halfway(whole);
    real.writeSync(descriptor, taken, half, taken.length - half, at + half);
    if (position === undefined || position === null) file.position = at + taken.length;
    this.#watcher.after(operationOf(file, at, taken));
    return taken.length;
  }

  writeAll(descriptor: number, bytes: Uint8Array): void {
    for (let done = 0; done < bytes.length;) {
      done += this.write(descriptor, bytes.subarray(done));
    }
  }

  writeFile(path: string, data: Bytes, options?: fs.WriteFileOptions): void {
    const {
      flag = "w",
      mode,
      flush = false,
    } = typeof options === "object" && options ? options : {};
    const descriptor = this.open(path, flag, mode);
    try {
      this.writeAll(descriptor, bytesOf(data));
      if (flush) this.sync(descriptor);
    } finally {
      this.close(descriptor);
    }
  }

  truncate(descriptor: number, size = 0): void {
    const { path } = this.#open.get(descriptor)!;
    this.#perform({ op: "truncate", path, size }, () => real.ftruncateSync(descriptor, size));
  }

  sync(descriptor: number): void {
    const { path } = this.#open.get(descriptor)!;
    this.#perform({ op: "sync", path }, () => real.fsyncSync(descriptor));
  }

  close(descriptor: number): void {
    this.#open.delete(descriptor);
    real.closeSync(descriptor);
  }

  rename(from: string, to: string): void {
    const [path, target] = [this.within(from)!, this.within(to)!];
    this.#perform({ op: "rename", path, to: target }, () => real.renameSync(from, to));
    for (const file of this.#open.values()) {
      if (file.path === path) file.path = target;
      else if (file.path.startsWith(`${path}/`)) file.path = target + file.path.slice(path.length);
    }
  }

  mkdir(path: string, options?: fs.Mode | fs.MakeDirectoryOptions | null): string | undefined {
    const { recursive = false } = typeof options === "object" && options ? options : {};
    if (recursive) {
      if (real.existsSync(path)) return undefined;
      const first = this.mkdir(resolve(path, ".."), options);
      this.mkdir(path);
      return first ?? resolve(path);
    }
    this.#perform({ op: "mkdir", path: this.within(path)! }, () => real.mkdirSync(path));
    return undefined;
  }

  rmdir(path: string): void {
    this.#perform({ op: "rmdir", path: this.within(path)! }, () => real.rmdirSync(path));
  }

  unlink(path: string): void {
    this.#perform({ op: "unlink", path: this.within(path)! }, () => real.unlinkSync(path));
  }

  rm(path: string, options?: fs.RmOptions): void {
    const stats = real.lstatSync(path, { throwIfNoEntry: false });
    if (stats === undefined) return real.rmSync(path, options);
    if (!stats.isDirectory()) return this.unlink(path);
    if (!options?.recursive) return real.rmSync(path, options);
    for (const name of real.readdirSync(path)) this.rm(`${path}/${name}`, options);
    this.rmdir(path);
  }

  #perform<Result>(operation: Operation, action: () => Result): Result {
    this.#watcher.before(operation);
    const result = action();
    this.#watcher.after(operation);
    return result;
  }
}

export function bytesOf(data: Bytes): Uint8Array {
  return typeof data === "string"
    ? Buffer.from(data)
    : new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

function operationOf({ path }: OpenFile, position: number, bytes: Uint8Array): Operation {
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("base64");
  return { op: "write", path, position, data };
}
