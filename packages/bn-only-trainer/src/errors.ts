import { isErrorOf } from "@bn-only/errors";

/** Base class of every error that this package throws on purpose. */
export class TrainerError extends Error {
  static readonly marker: symbol = Symbol.for("bn-only.trainer.TrainerError");
  override name = "TrainerError";

  /** Knows errors of this class and of those below it, in another copy of the package too. */
  static isInstance<Kind extends abstract new (...args: never) => Error>(
    this: Kind,
    value: unknown,
  ): value is InstanceType<Kind> {
    return isErrorOf(this, value);
  }
}

/** A hyperparameter, a condition or data that training cannot start with. */
export class InvalidOptionError extends TrainerError {
  static override readonly marker: symbol = Symbol.for("bn-only.trainer.InvalidOptionError");
  override name = "InvalidOptionError";
}

/** Training produced a loss that is not a finite number. */
export class DivergedError extends TrainerError {
  static override readonly marker: symbol = Symbol.for("bn-only.trainer.DivergedError");
  override name = "DivergedError";
}

/** @param what happened, with the preposition that leads to the step */
export function diverged(what: string, step: number, learningRate: number): DivergedError {
  return new DivergedError(
    `train: ${what} step ${step}, at a learning rate of ${learningRate}. ` +
      `Lower the learning rate, or check that the images are normalised.`,
  );
}

/** Bytes that are not a model file, or a model of another network. */
export class ModelFileError extends TrainerError {
  static override readonly marker: symbol = Symbol.for("bn-only.trainer.ModelFileError");
  override name = "ModelFileError";
}
