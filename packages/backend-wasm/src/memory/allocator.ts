const ALIGNMENT = 64;

/**
 * Hands out 64-byte aligned blocks between `start` and a movable `end`: the smallest free block that
 * is large enough, the lowest of equals. Free neighbours are always one block. Equal sequences of
 * requests give equal addresses, so a loop that frees what it took settles after its first turn.
 */
export class Allocator {
  /** Free blocks by address. */
  readonly #free: { start: number; size: number }[] = [];
  readonly #sizes = new Map<number, number>();
  readonly #grow: (end: number) => void;
  #end: number;
  #bytesInUse = 0;
  #peakBytes = 0;

  /** @param grow makes the memory reach to `end` or throws */
  constructor(start: number, grow: (end: number) => void) {
    this.#end = start;
    this.#grow = grow;
  }

  /** Bytes of all blocks in use. */
  get bytesInUse(): number {
    return this.#bytesInUse;
  }

  /** The most that `bytesInUse` has ever been. */
  get peakBytes(): number {
    return this.#peakBytes;
  }

  /** Address behind the last block, free or not. */
  get end(): number {
    return this.#end;
  }

  allocate(bytes: number): number {
    const size = Math.max(ALIGNMENT, Math.ceil(bytes / ALIGNMENT) * ALIGNMENT);
    const start = this.#takeFree(size) ?? this.#append(size);
    this.#sizes.set(start, size);
    this.#bytesInUse += size;
    this.#peakBytes = Math.max(this.#peakBytes, this.#bytesInUse);
    return start;
  }

  free(start: number): void {
    const size = this.#sizes.get(start);
    if (size === undefined) throw new RangeError(`free: no block begins at ${start}.`);
    this.#sizes.delete(start);
    this.#bytesInUse -= size;
    this.#insert(start, size);
  }

  #takeFree(size: number): number | undefined {
    let best = -1;
    for (const [i, block] of this.#free.entries()) {
      if (block.size >= size && (best < 0 || block.size < this.#free[best]!.size)) best = i;
    }
    const block = this.#free[best];
    if (block === undefined) return undefined;
    const { start } = block;
    block.start += size;
    block.size -= size;
    if (block.size === 0) this.#free.splice(best, 1);
    return start;
  }

  #append(size: number): number {
    const last = this.#free.at(-1);
    const reusable = last !== undefined && last.start + last.size === this.#end;
    const start = reusable ? last.start : this.#end;
    this.#grow(start + size);
    if (reusable) this.#free.pop();
    this.#end = start + size;
    return start;
  }

  #insert(start: number, size: number): void {
    const free = this.#free;
    let low = 0;
    let high = free.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (free[middle]!.start < start) low = middle + 1;
      else high = middle;
    }
    const before = free[low - 1];
    const after = free[low];
    const joinsBefore = before !== undefined && before.start + before.size === start;
    const joinsAfter = after !== undefined && start + size === after.start;
    if (joinsBefore) {
      before.size += size + (joinsAfter ? after.size : 0);
      if (joinsAfter) free.splice(low, 1);
    } else if (joinsAfter) {
      after.start = start;
      after.size += size;
    } else {
      free.splice(low, 0, { start, size });
    }
  }
}
