import { show } from "@bn-only/errors";
import { checkFlag, checkInteger, checkOptions, checkSignal, checkThat } from "../check.ts";
import { OptionError } from "../errors.ts";
import { cifarAugmentation } from "../transforms/cifar-augmentation.ts";
import type { Transform } from "../transforms/transform.ts";
import type { BatchOptions, Normalization } from "../types.ts";

/** Options of `batchSource`. Without any, images come in the order of the data set, and only normalised. */
export interface BatchSourceOptions {
  /**
   * Per-channel constants. Default: the data set's own, else `imagenetNormalization` for three
   * channels and `greyNormalization` for one.
   */
  readonly normalization?: Normalization | undefined;
  /** What happens to every image before it is normalised, in order. Default: nothing. */
  readonly transforms?: readonly Transform[] | undefined;
  /** Short for `transforms: cifarAugmentation`. Default false. */
  readonly augment?: boolean | undefined;
  /** A new order every epoch. Default false: the order of the data set. */
  readonly shuffle?: boolean | undefined;
  /** Decides order and transforms. Integer, `0 <= seed < 2^53`. Default 0. */
  readonly seed?: number | undefined;
  /**
   * Threads that read, decode and transform images on disk; 0 does it in this thread. The number
   * changes no bit. Default: one less than the processors, at least 1, at most 4. Data in memory use none.
   */
  readonly threads?: number | undefined;
  /** Ends the reading of images on disk: the loop over the batches throws its reason. */
  readonly signal?: AbortSignal | undefined;
}

/** @throws OptionError when an option is out of range, or none has such a name */
export function checkSourceOptions(options: BatchSourceOptions): void {
  checkOptions("batchSource", options, {
    normalization: true,
    transforms: true,
    augment: true,
    shuffle: true,
    seed: true,
    threads: true,
    signal: true,
  });
  const { augment = false, shuffle = false, seed = 0, threads = 0, signal } = options;
  const { transforms = [] } = options;
  checkFlag("augment", augment);
  checkFlag("shuffle", shuffle);
  checkInteger("seed", seed, 0);
  checkInteger("threads", threads, 0, 256);
  checkThat(Array.isArray(transforms), "transforms", "a list of transforms", transforms);
  if (signal !== undefined) checkSignal(signal);
}

/** @throws OptionError when `augment` and `transforms` are given together, or one is no transform */
export function transformsOf({ transforms, augment }: BatchSourceOptions): readonly Transform[] {
  if (augment !== true) {
    for (const [position, transform] of (transforms ?? []).entries()) {
      if (typeof transform?.outputShape === "function" && typeof transform.apply === "function") {
        continue;
      }
      throw new OptionError(
        "transforms",
        `transforms: expected { name, outputShape, apply }, got ${show(transform)} at ${position}.`,
      );
    }
    return transforms ?? [];
  }
  if (transforms === undefined) return cifarAugmentation;
  throw new OptionError(
    "augment",
    "augment: expected either augment or transforms, got both. " +
      "Put ...cifarAugmentation into the transforms.",
  );
}

/** @throws OptionError when an option is out of range */
export function checkBatchOptions(request: BatchOptions): BatchOptions & { startStep: number } {
  checkOptions("batches", request, { epoch: true, batchSize: true, startStep: true });
  const { epoch, batchSize, startStep = 0 } = request;
  checkInteger("epoch", epoch, 0, 0xffffffff);
  checkInteger("batchSize", batchSize, 1);
  checkInteger("startStep", startStep, 0);
  return { epoch, batchSize, startStep };
}
