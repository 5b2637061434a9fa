import { isErrorOf } from "@bn-only/errors";

/** Base class of every error that this package throws on purpose. */
export class TensorflowError extends Error {
  static readonly marker: symbol = Symbol.for("bn-only.backend-tensorflow.TensorflowError");
  override name = "TensorflowError";

  /** Knows errors of this class and of those below it, in another copy of the package too. */
  static isInstance<Kind extends abstract new (...args: never) => Error>(
    this: Kind,
    value: unknown,
  ): value is InstanceType<Kind> {
    return isErrorOf(this, value);
  }
}

/** Something that this machine lacks, or that went wrong outside of us; the message says what to do. */
export class BackendInstallError extends TensorflowError {
  static override readonly marker: symbol = Symbol.for(
    "bn-only.backend-tensorflow.BackendInstallError",
  );
  override name = "BackendInstallError";
}
