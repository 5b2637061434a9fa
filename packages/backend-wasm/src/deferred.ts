/**
 * Values that nobody has asked for yet. The kernel that asks first may compute them on its way, so
 * that they never take the way through the memory; anybody else gets them as if they had been there.
 */
export interface Deferred {
  /** Writes the values to an address. */
  compute(pointer: number): void;
  /** Gives up what `compute` would need; called once, after it or instead of it. */
  release(): void;
}
