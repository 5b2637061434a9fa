import type { EpochSums, TrainingState } from "./state/training-state.ts";
import { noSums } from "./state/training-state.ts";

/** Losses, hits and times of the epoch that runs, and of the whole run. */
export class EpochMeter {
  readonly #earlierSeconds: number;
  readonly #begin = performance.now();
  #sums: EpochSums;
  #epochBegin = 0;
  #epochSeconds = 0;
  #epochImages = 0;
  #trainingSeconds = 0;
  #images = 0;

  constructor(resume?: Pick<TrainingState, "sums" | "seconds">) {
    this.#sums = resume?.sums ?? noSums;
    this.#earlierSeconds = resume?.seconds ?? 0;
  }

  /** Of the epoch so far. */
  get sums(): EpochSums {
    return this.#sums;
  }

  /** Since training began, in an earlier process too. */
  get seconds(): number {
    return this.#earlierSeconds + (performance.now() - this.#begin) / 1000;
  }

  /** Of this process, evaluations left out; 0 when it took no step. */
  get imagesPerSecond(): number {
    return this.#images === 0 ? 0 : this.#images / this.#trainingSeconds;
  }

  beginEpoch(): void {
    this.#epochBegin = performance.now();
    this.#epochImages = 0;
  }

  add(loss: number, correct: number, images: number): void {
    const { loss: losses, correct: hits, images: seen } = this.#sums;
    this.#sums = { loss: losses + loss * images, correct: hits + correct, images: seen + images };
    this.#epochImages += images;
  }

  endTraining(): void {
    this.#epochSeconds = (performance.now() - this.#epochBegin) / 1000;
    this.#trainingSeconds += this.#epochSeconds;
    this.#images += this.#epochImages;
  }

  /** Means over the epoch, and the way to the next one. */
  endEpoch(): {
    trainLoss: number;
    trainAccuracy: number;
    seconds: number;
    imagesPerSecond: number;
  } {
    const { loss, correct, images } = this.#sums;
    this.#sums = noSums;
    return {
      trainLoss: loss / images,
      trainAccuracy: correct / images,
      seconds: this.seconds,
      imagesPerSecond: this.#epochImages === 0 ? 0 : this.#epochImages / this.#epochSeconds,
    };
  }
}
