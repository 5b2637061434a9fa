const marker: unique symbol = Symbol.for("bn-only.backend-wasm.error");

/** Base class of every error that this package throws on purpose. */
export class WasmBackendError extends Error {
  readonly [marker] = true;
  override name = "WasmBackendError";

  /** Works across two copies of the package, where `instanceof` does not. */
  static isInstance(value: unknown): value is WasmBackendError {
    return typeof value === "object" && value !== null && marker in value;
  }
}

/** A kernel or data type that this backend does not have. */
export class UnsupportedError extends WasmBackendError {
  override name = "UnsupportedError";
}

/** The memory is full. */
export class OutOfMemoryError extends WasmBackendError {
  override name = "OutOfMemoryError";
}

/** A thread stopped inside a kernel; the backend cannot be used any more. */
export class ThreadError extends WasmBackendError {
  override name = "ThreadError";
}
