/**
 * `base` to the power of a whole number from 0, by squaring: the same bits in every engine, which `**` does
 * not promise. Off by at most `exponent` units in the last place.
 */
export function wholePower(base: number, exponent: number): number {
  let result = 1;
  let square = base;
  for (let left = exponent; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result *= square;
    square *= square;
  }
  return result;
}
