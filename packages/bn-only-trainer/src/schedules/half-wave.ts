/**
 * `(1 + cos(π t)) / 2` for t from 0 to 1, which falls from 1 to 0: the same bits in every engine, which
 * `Math.cos` does not promise. Off by less than 2⁻⁵¹, and exact at 0, ½ and 1.
 *
 * `cos(π t) = sin x` with `x = π (½ − t)`, and `sin x = x (1 − x²/(2·3) (1 − x²/(4·5) (1 − …)))`.
 */
export function halfWave(t: number): number {
  if (t <= 0 || t >= 1) return t <= 0 ? 1 : 0;
  const x = Math.PI * (0.5 - t);
  const square = x * x;
  let series = 1;
  // The first term that is left out is below 2⁻⁷⁰ at the ends.
  for (let k = 24; k >= 2; k -= 2) series = 1 - (square / (k * (k + 1))) * series;
  return (1 + x * series) / 2;
}
