import { isErrorOf } from "@bn-only/errors";

/** Base class of every error that this package throws on purpose. */
export class WebgpuError extends Error {
  static readonly marker: symbol = Symbol.for("bn-only.backend-webgpu.WebgpuError");
  override name = "WebgpuError";

  /** Knows errors of this class and of those below it, in another copy of the package too. */
  static isInstance<Kind extends abstract new (...args: never) => Error>(
    this: Kind,
    value: unknown,
  ): value is InstanceType<Kind> {
    return isErrorOf(this, value);
  }
}

/** The browser or the driver took the GPU away. What was on it is gone. */
export class DeviceLostError extends WebgpuError {
  static override readonly marker: symbol = Symbol.for("bn-only.backend-webgpu.DeviceLostError");
  override name = "DeviceLostError";
}

/** A tensor that is larger than a buffer of this device may be, or memory that the driver does not give. */
export class OutOfMemoryError extends WebgpuError {
  static override readonly marker: symbol = Symbol.for("bn-only.backend-webgpu.OutOfMemoryError");
  override name = "OutOfMemoryError";
}
