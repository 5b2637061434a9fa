import type { Network } from "@bn-only/frozen-layers";
import { assertNames, assertNetwork, assertThat } from "../check.ts";
import { assertOptions, finite, notNegative, whole } from "../options.ts";

const MOST_BINS = 1_000_000;

/** @throws InvalidOptionError unless `values` is a Float32Array. */
export function assertFloats(subject: string, values: unknown): void {
  assertThat(values instanceof Float32Array, subject, "a Float32Array", values);
}

/** Every gamma of a network, in the order in which the layers run. */
export async function gammaValues(network: Network): Promise<Float32Array> {
  assertNetwork("gammaValues", network);
  const gammas = network.parameters.filter(({ role }) => role === "bn.gamma");
  const values = await Promise.all(gammas.map(({ value }) => value.data<"float32">()));
  return Float32Array.from(values.flatMap((part) => [...part]));
}

/**
 * The share of `|gamma| < threshold`: features that BatchNorm has switched off. The paper's
 * threshold is 0.01.
 */
export function disabledShare(gamma: Float32Array, threshold = 0.01): number {
  assertFloats("disabledShare: gamma", gamma);
  assertOptions("disabledShare", { threshold }, { threshold: notNegative });
  if (gamma.length === 0) return 0;
  return gamma.filter((value) => Math.abs(value) < threshold).length / gamma.length;
}

/** How many values lie in each of some bins, as `histogram` counts them. */
export interface Histogram {
  /** `counts.length + 1` edges of equal width. */
  readonly edges: readonly number[];
  /** Values in `[edges[i], edges[i + 1])`; the last bin includes its upper edge. */
  readonly counts: readonly number[];
}

/** Counts values over `bins` equal bins from `minimum` to `maximum`; those outside, and NaN, are left out. */
export function histogram(
  values: Float32Array,
  range: { readonly minimum: number; readonly maximum: number; readonly bins: number },
): Histogram {
  assertFloats("histogram: values", values);
  assertNames("histogram", range, { minimum: true, maximum: true, bins: true });
  const { minimum, maximum, bins } = range;
  assertOptions("histogram", range, { minimum: finite, maximum: finite, bins: whole });
  assertThat(maximum > minimum, "histogram: maximum", `above the minimum ${minimum}`, maximum);
  assertThat(bins <= MOST_BINS, "histogram: bins", `at most ${MOST_BINS}`, bins);
  const width = (maximum - minimum) / bins;
  const counts = Array.from({ length: bins }, () => 0);
  for (const value of values) {
    if (!(value >= minimum && value <= maximum)) continue;
    counts[Math.min(bins - 1, Math.floor((value - minimum) / width))]! += 1;
  }
  return { edges: Array.from({ length: bins + 1 }, (_, i) => minimum + i * width), counts };
}
