import { checkInteger, checkThat } from "../check.ts";

/** One side of a square, or height and width, in pixels. */
export type Size = number | readonly [height: number, width: number];

/** @throws OptionError when a side is no integer from 1 to 65,535 */
export function checkSize(size: Size): void {
  const fits = typeof size === "number" || (Array.isArray(size) && size.length === 2);
  checkThat(fits, "size", "a number, or [height, width]", size);
  for (const side of typeof size === "number" ? [size] : size) {
    checkInteger("size", side, 1, 65_535);
  }
}

/** Height and width. */
export function heightAndWidth(size: Size): readonly [height: number, width: number] {
  return typeof size === "number" ? [size, size] : [size[0], size[1]];
}
