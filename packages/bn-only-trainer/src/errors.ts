const marker: unique symbol = Symbol.for("bn-only.trainer.error");

/** Base class of every error that this package throws on purpose. */
export class TrainerError extends Error {
  readonly [marker] = true;
  override name = "TrainerError";

  /** Works across two copies of the package, where `instanceof` does not. */
  static isInstance(value: unknown): value is TrainerError {
    return typeof value === "object" && value !== null && marker in value;
  }
}

/** A hyperparameter, a condition or data that training cannot start with. */
export class InvalidOptionError extends TrainerError {
  override name = "InvalidOptionError";
}

/** Training produced a loss that is not a finite number. */
export class DivergedError extends TrainerError {
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
  override name = "ModelFileError";
}

/** No backend of the wanted kind works here. */
export class BackendError extends TrainerError {
  override name = "BackendError";
}
