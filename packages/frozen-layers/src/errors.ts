import { isErrorOf } from "@bn-only/errors";

/** Base class of every error that this package throws on purpose. */
export class FrozenLayersError extends Error {
  static readonly marker: symbol = Symbol.for("bn-only.frozen-layers.FrozenLayersError");
  override name = "FrozenLayersError";

  /** Knows errors of this class and of those below it, in another copy of the package too. */
  static isInstance<Kind extends abstract new (...args: never) => Error>(
    this: Kind,
    value: unknown,
  ): value is InstanceType<Kind> {
    return isErrorOf(this, value);
  }
}

/** A tensor or a layer option whose shape, type or range does not fit. */
export class ShapeError extends FrozenLayersError {
  static override readonly marker: symbol = Symbol.for("bn-only.frozen-layers.ShapeError");
  override name = "ShapeError";
}

/** A network, a batch or a tensor that does not fit in memory. Its `cause` is the backend's error. */
export class OutOfMemoryError extends FrozenLayersError {
  static override readonly marker: symbol = Symbol.for("bn-only.frozen-layers.OutOfMemoryError");
  override name = "OutOfMemoryError";
}

/** A selector that names no parameter of the network. */
export class SelectorError extends FrozenLayersError {
  static override readonly marker: symbol = Symbol.for("bn-only.frozen-layers.SelectorError");
  override name = "SelectorError";
  /** As text; where positions do not fit, the path of their parameter. */
  readonly selector: string;

  constructor(selector: string, message: string) {
    super(message);
    this.selector = selector;
  }
}
