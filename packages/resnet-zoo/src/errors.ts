const marker: unique symbol = Symbol.for("bn-only.resnet-zoo.error");

/** Base class of every error that this package throws on purpose. */
export class ZooError extends Error {
  readonly [marker] = true;
  override name = "ZooError";

  /** Works across two copies of the package, where `instanceof` does not. */
  static isInstance(value: unknown): value is ZooError {
    return typeof value === "object" && value !== null && marker in value;
  }
}

/** A name that no registered architecture accepts. */
export class NoSuchNetworkError extends ZooError {
  override name = "NoSuchNetworkError";
  readonly network: string;
  /** The closest valid name. */
  readonly nearest: string;

  constructor(network: string, nearest: string, grammars: readonly string[]) {
    super(
      `network: "${network}" does not exist; did you mean "${nearest}"? ` +
        `Names have the form ${grammars.join(" or ")}.`,
    );
    this.network = network;
    this.nearest = nearest;
  }
}
