import { isErrorOf, show } from "@bn-only/errors";

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
  /** The valid name that may have been meant, where one is near. */
  readonly nearest: string | undefined;

  constructor(network: string, nearest: string | undefined, grammars: readonly string[]) {
    const advice = nearest === undefined ? "." : `; did you mean "${nearest}"?`;
    super(
      `network: ${show(network)} does not exist${advice} ` +
        `Names have the form ${grammars.join("; ")}.`,
    );
    this.network = network;
    this.nearest = nearest;
  }
}
