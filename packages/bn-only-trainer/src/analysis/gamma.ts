import type { Network } from "@bn-only/frozen-layers";

/** Every gamma of a network, in the order in which the layers run. */
export async function gammaValues(network: Network): Promise<Float32Array> {
  const gammas = network.parameters.filter(({ role }) => role === "bn.gamma");
  const values = await Promise.all(gammas.map(({ value }) => value.data<"float32">()));
  return Float32Array.from(values.flatMap((part) => [...part]));
}

/**
 * The share of `|gamma| < threshold`: features that BatchNorm has switched off. The paper's
 * threshold is 0.01.
 */
export function disabledShare(gamma: Float32Array, threshold = 0.01): number {
  if (gamma.length === 0) return 0;
  return gamma.filter((value) => Math.abs(value) < threshold).length / gamma.length;
}

export interface Histogram {
  /** `counts.length + 1` edges of equal width. */
  readonly edges: readonly number[];
  /** Values in `[edges[i], edges[i + 1])`; the last bin includes its upper edge. */
  readonly counts: readonly number[];
}

/** Counts values over `bins` equal bins from `minimum` to `maximum`; those outside are left out. */
export function histogram(
  values: Float32Array,
  { minimum, maximum, bins }: { minimum: number; maximum: number; bins: number },
): Histogram {
  const width = (maximum - minimum) / bins;
  const counts = Array.from({ length: bins }, () => 0);
  for (const value of values) {
    if (value < minimum || value > maximum) continue;
    counts[Math.min(bins - 1, Math.floor((value - minimum) / width))]! += 1;
  }
  return { edges: Array.from({ length: bins + 1 }, (_, i) => minimum + i * width), counts };
}
