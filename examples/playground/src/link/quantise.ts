/** Values of one tensor in few bits: `low + code (high - low) / (2^bits - 1)`. */
export interface Quantised {
  readonly low: number;
  readonly high: number;
  readonly codes: Uint16Array;
}

/** Rounds every value to the nearest of `2^bits` levels between the least and the largest. */
export function quantise(values: ArrayLike<number>, bits: number): Quantised {
  let [low, high] = [Infinity, -Infinity];
  for (let i = 0; i < values.length; i++) {
    low = Math.min(low, values[i]!);
    high = Math.max(high, values[i]!);
  }
  low = Math.fround(low);
  high = Math.fround(high);
  const levels = 2 ** bits - 1;
  const step = (high - low) / levels;
  const codes = Uint16Array.from({ length: values.length }, (_, i) =>
    step > 0 ? Math.min(levels, Math.max(0, Math.round((values[i]! - low) / step))) : 0,
  );
  return { low, high, codes };
}

/** The levels; the same bits in every engine, since only IEEE operations are used. */
export function dequantise({ low, high, codes }: Quantised, bits: number): Float32Array {
  const step = (high - low) / (2 ** bits - 1);
  return Float32Array.from(codes, (code) => low + code * step);
}
