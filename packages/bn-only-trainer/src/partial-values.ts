// Numbers of a parameter that train in part; without positions all of them do.

/** A copy of those that train. */
export function trainedOf(values: Float32Array, positions: Int32Array | undefined): Float32Array {
  return positions ? Float32Array.from(positions, (at) => values[at]!) : values.slice();
}

/** A copy of all of them, with those that train replaced. */
export function withTrained(
  values: Float32Array,
  trained: ArrayLike<number>,
  positions: Int32Array | undefined,
): Float32Array {
  if (!positions) return Float32Array.from(trained);
  const all = values.slice();
  positions.forEach((at, i) => (all[at] = trained[i]!));
  return all;
}
