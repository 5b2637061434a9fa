/**
 * Counts in `bins` equal bins from `low` to `high`: `[low + i w, low + (i + 1) w)`, the last with its upper edge. What is
 * outside, and what is no number, is left out.
 */
export function histogram(
  values: ArrayLike<number>,
  low: number,
  high: number,
  bins: number,
): number[] {
  const counts = Array.from({ length: bins }, () => 0);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!(value >= low && value <= high)) continue;
    counts[Math.min(bins - 1, Math.floor(((value - low) / (high - low)) * bins))]! += 1;
  }
  return counts;
}
