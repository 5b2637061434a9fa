import { backend, concat1d, type Tensor1D } from "@tensorflow/tfjs-core";

// To read a number is to wait until the GPU has computed all before it. A backend with a method `submit` goes on by
// itself, so there the numbers of several steps are read at once: `docs/decisions/2026-11-27-late-numbers.md`.

/** Steps that are read together at most. */
const MOST = 16;

/** What they may take: nobody wants old news. */
const MOST_MILLISECONDS = 250;

/** Their images, of which each backend holds a copy on its way to the GPU. */
const MOST_BYTES = 64 * 1024 * 1024;

/** One step's numbers and what else is to be told of it. */
interface Late<About> {
  readonly tensor: Tensor1D;
  readonly about: About;
}

/** Numbers of steps that are computed and not read yet, in the order of the steps. */
export class LateNumbers<About> {
  #waiting: Late<About>[] = [];
  #bytes = 0;
  #together = 1;
  #since = performance.now();

  /** Steps of which nobody was told yet. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /**
   * Owns the tensor.
   *
   * @param bytes of the step's images
   */
  add(tensor: Tensor1D, about: About, bytes: number): void {
    this.#waiting.push({ tensor, about });
    this.#bytes += bytes;
  }

  /** Whether it is time to read; if not, the backend begins with what it has to do. */
  due(): boolean {
    const submit = submitting();
    if (!submit || this.waiting >= this.#together || this.#bytes >= MOST_BYTES) return true;
    submit();
    return false;
  }

  /** Reads all that waits, and gives it step by step. Whatever happens, nothing waits then. */
  async *read(): AsyncGenerator<readonly [Float32Array, About], void> {
    const count = this.waiting;
    if (count === 0) return;
    try {
      const numbers = await this.#numbers();
      let at = 0;
      while (this.waiting > 0) {
        const { tensor, about } = this.#waiting.shift()!;
        tensor.dispose();
        yield [numbers.subarray(at, (at += tensor.size)), about];
      }
      const each = (performance.now() - this.#since) / count;
      this.#together = Math.max(1, Math.min(MOST, Math.floor(MOST_MILLISECONDS / each)));
    } finally {
      this.dispose();
      this.#since = performance.now();
    }
  }

  dispose(): void {
    this.#waiting.forEach(({ tensor }) => tensor.dispose());
    this.#waiting = [];
    this.#bytes = 0;
  }

  async #numbers(): Promise<Float32Array> {
    const tensors = this.#waiting.map(({ tensor }) => tensor);
    if (tensors.length === 1) return tensors[0]!.data<"float32">();
    const joined = concat1d(tensors);
    try {
      return await joined.data<"float32">();
    } finally {
      joined.dispose();
    }
  }
}

/** Sends what was recorded, on a backend that computes while the host goes on. */
function submitting(): (() => void) | undefined {
  const running = backend() as { submit?(): void };
  return running.submit && (() => running.submit!());
}
