import { real } from "./layer/files.ts";
import type { Operation, Watcher } from "./layer/operation.ts";

/** What goes wrong at one operation of a command, counted from 0. */
export interface Fault {
  readonly at: number;
  /**
   * - `kill`: SIGKILL before it; `half`: SIGKILL when half of its bytes are written
   * - `once`: it fails, a write after half of its bytes, and nothing else does
   * - `full`: from it on the disk has no room but what is freed
   */
  readonly kind: "kill" | "half" | "once" | "full";
  /** Of `once`. */
  readonly code?: "ENOSPC" | "EIO" | "EACCES";
}

const messages = {
  ENOSPC: "no space left on device",
  EIO: "i/o error",
  EACCES: "permission denied",
};

/** Lists all operations of a command, and lets one fault happen. */
export class FaultyDisk implements Watcher {
  readonly done: Operation[] = [];
  /** Whether the fault has happened. */
  struck = false;
  #fault: Fault | undefined;
  #count = 0;
  /** Bytes left on a full disk; undefined while there is room for all. */
  #room: number | undefined;
  #failsNext = false;
  readonly #sizeOf: (path: string) => number;

  /** @param sizeOf size of a file inside the root, 0 where there is none */
  constructor(sizeOf: (path: string) => number) {
    this.#sizeOf = sizeOf;
  }

  begin(fault: Fault | undefined): void {
    this.done.length = 0;
    [this.#fault, this.#count, this.#room, this.#failsNext] = [fault, 0, undefined, false];
    this.struck = false;
  }

  before(operation: Operation): number | void {
    const fault = this.#fault;
    if (this.#failsNext && operation.op === "write") {
      this.#failsNext = false;
      throw failure(fault!.code!, operation);
    }
    if (fault !== undefined && this.#count === fault.at) {
      this.struck = true;
      if (fault.kind === "kill") die();
      if (fault.kind === "full") this.#room ??= 0;
      if (fault.kind === "once") return this.#failOnce(operation, fault.code!);
    }
    return this.#room === undefined ? undefined : this.#fill(operation);
  }

  halfway(): void {
    if (this.#fault?.kind === "half" && this.#count === this.#fault.at) die();
  }

  after(operation: Operation): void {
    this.done.push(operation);
    this.#count += 1;
  }

  #failOnce(operation: Operation, code: NonNullable<Fault["code"]>): number {
    // What fails is no operation, but those after it shall not be the one that fails again.
    this.#count += 1;
    const half = operation.op === "write" ? bytesIn(operation) >> 1 : 0;
    if (half === 0) throw failure(code, operation);
    this.#failsNext = true;
    return half;
  }

  /** A file's bytes are room again once it is gone; a new name takes some, too. */
  #fill(operation: Operation): number | void {
    const room = this.#room!;
    switch (operation.op) {
      case "create":
      case "mkdir":
        if (room <= 0) throw failure("ENOSPC", operation);
        return;
      case "write": {
        const { path, position } = operation;
        const inPlace = Math.max(0, this.#sizeOf(path) - position);
        const taken = Math.min(bytesIn(operation), inPlace + room);
        if (taken <= 0) throw failure("ENOSPC", operation);
        this.#room = room - Math.max(0, taken - inPlace);
        return taken;
      }
      case "unlink":
        this.#room = room + this.#sizeOf(operation.path);
        return;
      case "rename":
        this.#room = room + this.#sizeOf(operation.to);
        return;
      case "truncate":
        this.#room = room + Math.max(0, this.#sizeOf(operation.path) - operation.size);
        return;
      default:
    }
  }
}

function bytesIn(operation: Operation & { readonly op: "write" }): number {
  return Buffer.byteLength(operation.data, "base64");
}

function failure(code: keyof typeof messages, { op, path }: Operation): Error {
  const call = op === "sync" ? "fsync" : op === "create" ? "open" : op;
  // As Node has it: an error about a descriptor names no path.
  const where = ["write", "sync", "truncate"].includes(op) ? {} : { path };
  const named = "path" in where ? ` '${path}'` : "";
  return Object.assign(new Error(`${code}: ${messages[code]}, ${call}${named}`), {
    code,
    syscall: call,
    ...where,
  });
}

function die(): never {
  process.kill(process.pid, "SIGKILL");
  // Nothing may happen between the signal and its arrival.
  for (;;) real.existsSync(".");
}
