/**
 * The tensors that the running kernel has made. They belong to nobody before it returns, so whoever
 * runs it gives them back when it throws.
 */
export class Outputs<Id extends object> {
  readonly #made: Id[] = [];
  #depth = 0;

  /** Outside of a kernel every tensor has an owner already. */
  add(id: Id): void {
    if (this.#depth > 0) this.#made.push(id);
  }

  /** Runs `kernel`; `giveBack` gets what it, or one that it called, had made if it throws, last first. */
  run<Call, Result>(
    kernel: (call: Call) => Result,
    call: Call,
    giveBack: (id: Id) => void,
  ): Result {
    const before = this.#made.length;
    this.#depth++;
    try {
      return kernel(call);
    } catch (error) {
      while (this.#made.length > before) giveBack(this.#made.pop()!);
      throw error;
    } finally {
      this.#depth--;
      if (this.#depth === 0) this.#made.length = 0;
    }
  }
}
