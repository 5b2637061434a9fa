import { isErrorOf } from "@bn-only/errors";

/** No backend of the wanted kind works here, or an option or a candidate is not what it must be. */
export class BackendError extends Error {
  static readonly marker: symbol = Symbol.for("bn-only.backends.BackendError");
  override name = "BackendError";

  /** Knows errors of this class and of those below it, in another copy of the package too. */
  static isInstance<Kind extends abstract new (...args: never) => Error>(
    this: Kind,
    value: unknown,
  ): value is InstanceType<Kind> {
    return isErrorOf(this, value);
  }
}
