import type { Network } from "@bn-only/frozen-layers";
import { assertNetwork } from "../check.ts";
import { InvalidOptionError } from "../errors.ts";
import { assertOptions, notNegative } from "../options.ts";
import { affineLayers } from "./batch-norms.ts";
import { disabledShare } from "./gamma.ts";
import { summarize, type Summary } from "./summary.ts";

/** |gamma| below which a feature counts as switched off, from strict to lax; the paper's is 0.01. */
export const paperThresholds: readonly number[] = [0.001, 0.01, 0.05, 0.1];

/** Gamma and beta of one BatchNorm, or of all. */
export interface AffineStatistics {
  /** Absent where there is no gamma. */
  readonly gamma?: Summary;
  readonly beta?: Summary;
  /** For each threshold the share of `|gamma|` below it. */
  readonly disabled: readonly number[];
}

export interface LayerAffineStatistics extends AffineStatistics {
  /** `stage1/block1/bn1` */
  readonly path: string;
  /** Where it stands in the network: 0 for the first BatchNorm that runs, 1 for the last. */
  readonly depth: number;
}

export interface AffineAnalysis {
  readonly thresholds: readonly number[];
  readonly overall: AffineStatistics;
  /** In the order in which they run. */
  readonly layers: readonly LayerAffineStatistics[];
}

/**
 * How gamma and beta are distributed and which features they switch off, for each BatchNorm and for the network (arXiv
 * 2003.00152, section 5). Reads parameters only.
 *
 * @param thresholds of |gamma|, ascending
 * @throws InvalidOptionError for thresholds that are no ascending numbers from 0, and for a network without BatchNorm.
 */
export async function affineStatistics(
  network: Network,
  thresholds: readonly number[] = paperThresholds,
): Promise<AffineAnalysis> {
  assertNetwork("affineStatistics", network);
  assertThresholds("affineStatistics", thresholds);
  const found = await Promise.all(
    affineLayers(network).map(async ({ layer, gamma, beta }) => ({
      path: layer.path,
      gamma: await gamma?.value.data<"float32">(),
      beta: await beta?.value.data<"float32">(),
    })),
  );
  if (found.length === 0) {
    throw new InvalidOptionError(
      `affineStatistics: ${network.name} has neither gamma nor beta. Look at a network before its BatchNorm is folded.`,
    );
  }
  const statistics = (gamma: Float32Array, beta: Float32Array): AffineStatistics => {
    const [gammas, betas] = [summarize(gamma), summarize(beta)];
    return {
      ...(gammas && { gamma: gammas }),
      ...(betas && { beta: betas }),
      disabled: thresholds.map((threshold) => disabledShare(gamma, threshold)),
    };
  };
  return {
    thresholds: [...thresholds],
    overall: statistics(
      joined(found.map(({ gamma }) => gamma)),
      joined(found.map(({ beta }) => beta)),
    ),
    layers: found.map(({ path, gamma, beta }, i) => ({
      path,
      depth: found.length === 1 ? 0 : i / (found.length - 1),
      ...statistics(gamma ?? new Float32Array(0), beta ?? new Float32Array(0)),
    })),
  };
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

function joined(parts: readonly (Float32Array | undefined)[]): Float32Array {
  return Float32Array.from(parts.flatMap((part) => (part ? [...part] : [])));
}
