import type { Network, Parameter } from "@bn-only/frozen-layers";
import { assertNames, assertNetwork } from "../check.ts";
import { InvalidOptionError } from "../errors.ts";
import { assertOptions, notNegative } from "../options.ts";
import { affineLayers } from "./batch-norms.ts";
import { disabledShare, type Histogram, histogram } from "./gamma.ts";
import { summarize, type Summary } from "./summary.ts";

/** |gamma| below which a feature counts as switched off, from strict to lax; the paper's is 0.01. */
export const paperThresholds: readonly number[] = [0.001, 0.01, 0.05, 0.1];

/** How the gammas or the betas of one BatchNorm, or of all, are distributed. */
export interface Distribution extends Summary {
  /** In equal bins, the same for all layers: from the smallest number of the network to the largest. */
  readonly histogram: Histogram;
}

/** Gamma and beta of one BatchNorm, or of all. */
export interface AffineStatistics {
  /** Absent where there is no gamma. */
  readonly gamma?: Distribution;
  readonly beta?: Distribution;
  /** For each threshold the share of `|gamma|` below it. */
  readonly disabled: readonly number[];
}

/** Gamma and beta of one BatchNorm, and where it stands. */
export interface LayerAffineStatistics extends AffineStatistics {
  /** `stage1/block1/bn1` */
  readonly path: string;
  /** Where it stands in the network: 0 for the first BatchNorm that runs, 1 for the last. */
  readonly depth: number;
}

/** What `affineStatistics` gives: of the whole network and of each BatchNorm. */
export interface AffineAnalysis {
  readonly thresholds: readonly number[];
  readonly overall: AffineStatistics;
  /** In the order in which they run. */
  readonly layers: readonly LayerAffineStatistics[];
}

/** Options of `affineStatistics`. */
export interface AffineStatisticsOptions {
  /** Of |gamma|, ascending. Default 0.001, 0.01, 0.05, 0.1. */
  readonly thresholds?: readonly number[] | undefined;
  /** Of the histograms. Default 40. */
  readonly bins?: number | undefined;
}

/**
 * How gamma and beta are distributed and which features they switch off, for each BatchNorm and for the network (arXiv
 * 2003.00152, section 5). Reads parameters only.
 *
 * @throws InvalidOptionError for thresholds that are no ascending numbers from 0, and for a network without BatchNorm or
 * with numbers that are not finite.
 */
export async function affineStatistics(
  network: Network,
  options: AffineStatisticsOptions = {},
): Promise<AffineAnalysis> {
  assertNetwork("affineStatistics", network);
  assertNames("affineStatistics", options, { thresholds: true, bins: true });
  const { thresholds = paperThresholds, bins = 40 } = options;
  assertThresholds("affineStatistics", thresholds);
  const found = await Promise.all(
    affineLayers(network).map(async ({ layer, gamma, beta }) => ({
      path: layer.path,
      gamma: await valuesOf(gamma),
      beta: await valuesOf(beta),
    })),
  );
  if (found.length === 0) {
    throw new InvalidOptionError(
      `affineStatistics: ${network.name} has neither gamma nor beta. Look at a network before its BatchNorm is folded.`,
    );
  }
  const gammas = Float32Array.from(found.flatMap(({ gamma }) => [...gamma]));
  const betas = Float32Array.from(found.flatMap(({ beta }) => [...beta]));
  const [gammaRange, betaRange] = [gammas, betas].map((all) => ({ ...rangeOf(all), bins }));
  const statistics = (gamma: Float32Array, beta: Float32Array): AffineStatistics => ({
    ...(gamma.length > 0 && { gamma: distribution(gamma, gammaRange!) }),
    ...(beta.length > 0 && { beta: distribution(beta, betaRange!) }),
    disabled: thresholds.map((threshold) => disabledShare(gamma, threshold)),
  });
  return {
    thresholds: [...thresholds],
    overall: statistics(gammas, betas),
    layers: found.map(({ path, gamma, beta }, i) => ({
      path,
      depth: found.length === 1 ? 0 : i / (found.length - 1),
      ...statistics(gamma, beta),
    })),
  };
}

async function valuesOf(parameter: Parameter | undefined): Promise<Float32Array> {
  if (parameter === undefined) return new Float32Array(0);
  const values = await parameter.value.data<"float32">();
  const wrong = values.find((value) => !Number.isFinite(value));
  if (wrong === undefined) return values;
  throw new InvalidOptionError(
    `affineStatistics: "${parameter.path}" holds ${wrong}, expected finite numbers. The network has diverged; ` +
      `restore an earlier state.`,
  );
}

type Range = Parameters<typeof histogram>[1];

function distribution(values: Float32Array, range: Range): Distribution {
  return { ...summarize(values)!, histogram: histogram(values, range) };
}

/** Half a unit around numbers that are all the same; a millionth of them where that is more. */
function rangeOf(values: Float32Array): Pick<Range, "minimum" | "maximum"> {
  const minimum = values.reduce((least, value) => Math.min(least, value), Infinity);
  const maximum = values.reduce((most, value) => Math.max(most, value), -Infinity);
  if (minimum < maximum) return { minimum, maximum };
  const middle = Number.isFinite(minimum) ? minimum : 0;
  const half = Math.max(0.5, Math.abs(middle) * 1e-6);
  return { minimum: middle - half, maximum: middle + half };
}

/** @throws InvalidOptionError unless they are ascending numbers from 0. */
export function assertThresholds(subject: string, thresholds: readonly number[]): void {
  if (!Array.isArray(thresholds) || thresholds.length === 0) {
    throw new InvalidOptionError(
      `${subject}: thresholds must be a list of numbers, such as [0.001, 0.01].`,
    );
  }
  thresholds.forEach((threshold, i) => {
    assertOptions(subject, { threshold }, { threshold: notNegative });
    if (i === 0 || threshold > thresholds[i - 1]!) return;
    throw new InvalidOptionError(
      `${subject}: thresholds must ascend, got ${threshold} after ${thresholds[i - 1]}. Sort them, and name each once.`,
    );
  });
}
