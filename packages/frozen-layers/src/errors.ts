const marker: unique symbol = Symbol.for("bn-only.frozen-layers.error");

/** Base class of every error that this package throws on purpose. */
export class FrozenLayersError extends Error {
  readonly [marker] = true;
  override name = "FrozenLayersError";

  /** Works across two copies of the package, where `instanceof` does not. */
  static isInstance(value: unknown): value is FrozenLayersError {
    return typeof value === "object" && value !== null && marker in value;
  }
}

/** A tensor or a layer option whose shape or range does not fit. */
export class ShapeError extends FrozenLayersError {
  override name = "ShapeError";
}

/** A selector that names no parameter of the network. */
export class SelectorError extends FrozenLayersError {
  override name = "SelectorError";
  readonly selector: string;

  constructor(selector: string, message: string) {
    super(message);
    this.selector = selector;
  }
}
