import { isErrorOf } from "@bn-only/errors";

/** Base class of every error that this package throws on purpose. */
export class ZooError extends Error {
  static readonly marker: symbol = Symbol.for("bn-only.resnet-zoo.ZooError");
  override name = "ZooError";

  /** Knows errors of this class and of those below it, in another copy of the package too. */
  static isInstance<Kind extends abstract new (...args: never) => Error>(
    this: Kind,
    value: unknown,
  ): value is InstanceType<Kind> {
    return isErrorOf(this, value);
  }
}

/** A name that no registered architecture accepts. */
export class NoSuchNetworkError extends ZooError {
  static override readonly marker: symbol = Symbol.for("bn-only.resnet-zoo.NoSuchNetworkError");
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
