const REMEMBERED_STEPS = 30;

/** How fast a run goes, from its last steps, and how long it will still take. */
export class Pace {
  readonly #steps: { images: number; seconds: number }[] = [];
  #last = performance.now();
  #evaluationSeconds = 0;

  step(images: number): void {
    this.#steps.push({ images, seconds: this.#lap() });
    if (this.#steps.length > REMEMBERED_STEPS) this.#steps.shift();
  }

  /** The test images have been gone through; this is no part of a step. */
  evaluation(): void {
    this.#evaluationSeconds = this.#lap();
  }

  imagesPerSecond(): number {
    const sum = (key: "images" | "seconds"): number =>
      this.#steps.reduce((total, step) => total + step[key], 0);
    return sum("seconds") === 0 ? 0 : sum("images") / sum("seconds");
  }

  secondsLeft(steps: number, evaluations: number): number {
    const mean =
      this.#steps.reduce((total, { seconds }) => total + seconds, 0) / this.#steps.length;
    return (mean || 0) * steps + this.#evaluationSeconds * evaluations;
  }

  #lap(): number {
    const now = performance.now();
    const seconds = (now - this.#last) / 1000;
    this.#last = now;
    return seconds;
  }
}
