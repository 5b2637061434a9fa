/** `value` of every number, computed in float64 and rounded once to float32. */
export function roundedMap(source: Float64Array, value: (number: number) => number): Float32Array {
  const out = new Float32Array(source.length);
  for (let i = 0; i < source.length; i++) out[i] = value(source[i]!);
  return out;
}
