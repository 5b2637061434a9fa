/**
 * Draws at most one view in a frame, each at most as often as it asks for, so that no task of the page is long
 * however many views there are.
 */
export class Painter {
  readonly #waiting = new Map<string, () => void>();
  #asked = false;

  /** The last drawing of a name counts; those before it that were not drawn are passed over. */
  paint(name: string, draw: () => void): void {
    this.#waiting.set(name, draw);
    this.#ask();
  }

  #next(): void {
    this.#asked = false;
    const [first] = this.#waiting;
    if (!first) return;
    const [name, draw] = first;
    this.#waiting.delete(name);
    draw();
    if (this.#waiting.size > 0) this.#ask();
  }

  #ask(): void {
    if (this.#asked) return;
    this.#asked = true;
    requestAnimationFrame(() => this.#next());
  }
}
