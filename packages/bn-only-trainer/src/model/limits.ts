import type { Shape } from "@bn-only/frozen-layers";

// What a file may ask for: one from outside must not take all memory.

export const MAXIMUM_CLASSES = 100_000;
export const MAXIMUM_NAME = 200;
/** Numbers of one image; 1182x1182x3. */
export const MAXIMUM_IMAGE = 2 ** 22;
/** 1 GiB of float32; the widest network of the paper has 179 million. */
export const MAXIMUM_PARAMETERS = 2 ** 28;

export function isTooLarge(inputShape: Shape): boolean {
  return inputShape.reduce((product, side) => product * side, 1) > MAXIMUM_IMAGE;
}
