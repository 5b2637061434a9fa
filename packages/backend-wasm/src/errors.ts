import { isErrorOf } from "@bn-only/errors";

/** Base class of every error that this package throws on purpose. */
export class WasmBackendError extends Error {
  static readonly marker: symbol = Symbol.for("bn-only.backend-wasm.WasmBackendError");
  override name = "WasmBackendError";

  /** Knows errors of this class and of those below it, in another copy of the package too. */
  static isInstance<Kind extends abstract new (...args: never) => Error>(
    this: Kind,
    value: unknown,
  ): value is InstanceType<Kind> {
    return isErrorOf(this, value);
  }
}

/** A kernel or data type that this backend does not have. */
export class UnsupportedError extends WasmBackendError {
  static override readonly marker: symbol = Symbol.for("bn-only.backend-wasm.UnsupportedError");
  override name = "UnsupportedError";
}

/** In bytes. */
export interface MemoryFigures {
  /** What did not fit. */
  readonly wantedBytes: number;
  /** Of tensors and scratch memory, before it. */
  readonly bytesInUse: number;
  /** The most that the memory can have; what it has, where the machine gave no more. */
  readonly limitBytes: number;
}

/** The memory is full. Nothing of what the failed kernel had taken stays in use. */
export class OutOfMemoryError extends WasmBackendError implements MemoryFigures {
  static override readonly marker: symbol = Symbol.for("bn-only.backend-wasm.OutOfMemoryError");
  override name = "OutOfMemoryError";
  readonly wantedBytes: number;
  readonly bytesInUse: number;
  readonly limitBytes: number;

  constructor(message: string, figures: MemoryFigures, options?: ErrorOptions) {
    super(message, options);
    this.wantedBytes = figures.wantedBytes;
    this.bytesInUse = figures.bytesInUse;
    this.limitBytes = figures.limitBytes;
  }
}

/** A thread stopped inside a kernel; the backend cannot be used any more. */
export class ThreadError extends WasmBackendError {
  static override readonly marker: symbol = Symbol.for("bn-only.backend-wasm.ThreadError");
  override name = "ThreadError";
}
