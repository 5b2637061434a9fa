import { assertFloats } from "./gamma.ts";

/** Where a summary has quantiles. */
export const quantileLevels = [0.05, 0.25, 0.5, 0.75, 0.95] as const;

/** Number, moments, range and quantiles of at least one value. */
export interface Summary {
  readonly count: number;
  readonly mean: number;
  /** Of all values: the sum of squares is divided by their number. */
  readonly deviation: number;
  readonly minimum: number;
  readonly maximum: number;
  /** At 0.05, 0.25, 0.5, 0.75 and 0.95; between two values in proportion, as NumPy's. */
  readonly quantiles: readonly number[];
  /** The share of values below zero. */
  readonly negative: number;
}

/**
 * How values are distributed, computed in float64.
 *
 * @returns undefined for no values at all
 * @throws InvalidOptionError unless they are a Float32Array
 */
export function summarize(values: Float32Array): Summary | undefined {
  assertFloats("summarize: values", values);
  const count = values.length;
  if (count === 0) return undefined;
  const sorted = Float64Array.from(values).sort();
  const mean = sorted.reduce((sum, value) => sum + value, 0) / count;
  const squares = sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return {
    count,
    mean,
    deviation: Math.sqrt(squares / count),
    minimum: sorted[0]!,
    maximum: sorted.at(-1)!,
    quantiles: quantileLevels.map((level) => quantile(sorted, level)),
    negative: sorted.filter((value) => value < 0).length / count,
  };
}

function quantile(sorted: Float64Array, level: number): number {
  const at = level * (sorted.length - 1);
  const below = Math.floor(at);
  const next = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return sorted[below]! + (at - below) * (next - sorted[below]!);
}
