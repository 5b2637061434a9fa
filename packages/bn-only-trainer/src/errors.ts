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

/** Where training stopped giving finite numbers. */
export interface Divergence {
  /** The step, from 1 over the whole run, after or in which it was seen. */
  readonly step: number;
  /** Of that step. */
  readonly learningRate: number;
  /** Path of the first tensor with a value that is not finite, or `optimizer/<name>`; absent where only the loss shows it. */
  readonly tensor?: string | undefined;
  /** Step of the last state that a callback took, which is finite throughout; absent where none was taken. */
  readonly lastGoodStep?: number | undefined;
}

/** A loss, a parameter, a running statistic or the optimiser's memory is not finite any more. */
export class DivergedError extends TrainerError implements Divergence {
  static override readonly marker: symbol = Symbol.for("bn-only.trainer.DivergedError");
  override name = "DivergedError";
  readonly step: number;
  readonly learningRate: number;
  readonly tensor: string | undefined;
  readonly lastGoodStep: number | undefined;

  /** @param what happened, with the preposition that leads to the step */
  constructor(what: string, { step, learningRate, tensor, lastGoodStep }: Divergence) {
    const last =
      lastGoodStep === undefined
        ? ""
        : ` The last state that was taken is of step ${lastGoodStep}.`;
    super(
      `train: ${what} step ${step}, at a learning rate of ${learningRate}. ` +
        `Lower the learning rate, or check that the images are normalised.${last}`,
    );
    this.step = step;
    this.learningRate = learningRate;
    this.tensor = tensor;
    this.lastGoodStep = lastGoodStep;
  }
}

/** The loss of a network on images is no finite number: its numbers, or theirs, are not, or are far too large. */
export class NotFiniteError extends TrainerError {
  static override readonly marker: symbol = Symbol.for("bn-only.trainer.NotFiniteError");
  override name = "NotFiniteError";
  readonly loss: number;

  constructor(network: string, loss: number) {
    super(
      `evaluate: the loss of ${network} on these images is ${loss}. ` +
        "Its parameters or running statistics, or the images, hold numbers that are not finite or far too large.",
    );
    this.loss = loss;
  }
}

/** Bytes that are not a model file, or a model of another network. */
export class ModelFileError extends TrainerError {
  static override readonly marker: symbol = Symbol.for("bn-only.trainer.ModelFileError");
  override name = "ModelFileError";
}
