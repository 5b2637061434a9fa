/** The heap of `bn-wasm`. */
interface Heap {
  allocate(bytes: number, shape?: readonly number[]): number;
}

/**
 * Runs `attempt` again and again; in the n-th run the n-th allocation asks for more than there can be and throws the heap's
 * own error. Ends with the first run that takes fewer.
 *
 * @param attempt gets the number of the allocation that will fail
 * @param failed is told every error that came out of `attempt`
 * @returns how many allocations failed
 */
export async function failEveryAllocation(
  heap: Heap,
  attempt: (nth: number) => unknown,
  failed: (error: unknown, nth: number) => void,
): Promise<number> {
  for (let nth = 1; ; nth++) {
    const original = heap.allocate;
    let count = 0;
    heap.allocate = (bytes, shape) => original.call(heap, ++count === nth ? 2 ** 40 : bytes, shape);
    let outcome: { error: unknown } | undefined;
    try {
      await attempt(nth);
    } catch (error) {
      outcome = { error };
    } finally {
      heap.allocate = original;
    }
    if (outcome) failed(outcome.error, nth);
    else if (count >= nth) throw new Error(`allocation ${nth} failed and nobody said so.`);
    else return nth - 1;
  }
}
