// Host side of assembly/panels.ts.

/** How many numbers of a pixel are multiplied at a time, at most: panels of so many stay in the first-level cache. */
export const DEPTH = 256;

/** Scratch of a product: the addresses of the pixels that are read and written, a tile with four more, and the panels. */
export function productBytes(pixels: number, taps: number): number {
  return 8 * pixels + 192 + 4 * pixels * Math.min(DEPTH, taps);
}
