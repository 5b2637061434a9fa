/**
 * Decides when a lane may take its next step: not while the run is paused, and never before the other lanes
 * have taken as many.
 */
export class Pace {
  #running: boolean;
  /** Lanes that go up to this step although the run is paused. */
  #allowed = -1;
  readonly #steps = new Map<number, number>();
  #waiting: { readonly lane: number; readonly go: () => void }[] = [];
  readonly #onRest: () => void;

  /** @param onRest told when every lane waits because the run is paused */
  constructor(running: boolean, onRest: () => void) {
    this.#running = running;
    this.#onRest = onRest;
  }

  get running(): boolean {
    return this.#running;
  }

  set running(running: boolean) {
    this.#running = running;
    this.#allowed = -1;
    this.#release();
  }

  join(lane: number, step: number): void {
    this.#steps.set(lane, step);
  }

  /** Waits until `lane`, which has taken `step` steps, may take another. */
  turn(lane: number, step: number): Promise<void> {
    this.#steps.set(lane, step);
    return new Promise((go) => {
      this.#waiting.push({ lane, go });
      this.#release();
    });
  }

  leave(lane: number): void {
    this.#steps.delete(lane);
    this.#release();
  }

  /** One step of every lane of a paused run. */
  allowOne(): void {
    if (this.#steps.size === 0) return;
    this.#allowed = Math.min(...this.#steps.values()) + 1;
    this.#release();
  }

  /** Lets every lane go on, to its end. */
  open(): void {
    this.running = true;
  }

  #release(): void {
    const slowest = Math.min(...this.#steps.values());
    const may = (lane: number): boolean => {
      const step = this.#steps.get(lane) ?? 0;
      return step <= slowest && (this.#running || step < this.#allowed);
    };
    const ready = this.#waiting.filter(({ lane }) => may(lane));
    this.#waiting = this.#waiting.filter(({ lane }) => !may(lane));
    ready.forEach(({ go }) => go());
    const rests = !this.#running && ready.length === 0 && this.#waiting.length > 0;
    if (rests && this.#waiting.length === this.#steps.size) this.#onRest();
  }
}
