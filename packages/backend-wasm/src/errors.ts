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

/** The memory is full. */
export class OutOfMemoryError extends WasmBackendError {
  static override readonly marker: symbol = Symbol.for("bn-only.backend-wasm.OutOfMemoryError");
  override name = "OutOfMemoryError";
}

/** A thread stopped inside a kernel; the backend cannot be used any more. */
export class ThreadError extends WasmBackendError {
  static override readonly marker: symbol = Symbol.for("bn-only.backend-wasm.ThreadError");
  override name = "ThreadError";
}
