import type { Network } from "@bn-only/frozen-layers";
import {
  type AffineAnalysis,
  affineStatistics,
  type BatchSource,
  type DeadChannels,
  deadChannels,
  paperThresholds,
  thresholdAccuracy,
  type ThresholdAccuracy,
  zeroOutputs,
} from "@bn-only/trainer";
import type { OpenedNetwork } from "../evaluate/open-network.ts";
import type { AnalyzeCommandOptions } from "./options.ts";

/** All that `bn-only analyze` finds in one model. */
export interface ModelAnalysis {
  readonly file: string;
  readonly network: string;
  readonly seed?: number;
  readonly condition: string;
  readonly macs: number;
  readonly affine: AffineAnalysis;
  /** Only where images were looked at. */
  readonly tested?: {
    readonly dataset: string;
    readonly images: number;
    readonly thresholds: readonly ThresholdAccuracy[];
    /** Share of zeros from which a channel counts as almost dead. */
    readonly almost: number;
    readonly zeros: DeadChannels;
    /** By the path of the layer that ends in the ReLU. */
    readonly layers: Readonly<Record<string, DeadChannels>>;
  };
}

export interface AnalysisData {
  readonly dataset: string;
  readonly images: number;
  readonly source: BatchSource;
}

/** Computes all of it; the network stays as it is. */
export async function analyzeNetwork(
  network: Network,
  { file, architecture, seed, notes }: OpenedNetwork,
  data: AnalysisData | undefined,
  { thresholds = paperThresholds, almost }: Pick<AnalyzeCommandOptions, "thresholds" | "almost">,
  signal: AbortSignal,
): Promise<ModelAnalysis> {
  const affine = await affineStatistics(network, { thresholds });
  const analysis: ModelAnalysis = {
    file,
    network: architecture,
    ...(seed !== undefined && { seed }),
    condition: notes["condition"] ?? "unknown",
    macs: network.macs,
    affine,
  };
  if (data === undefined) return analysis;
  const { dataset, images, source } = data;
  const rows = await thresholdAccuracy(network, source, { thresholds, signal });
  const { overall, layers } = deadChannels(await zeroOutputs(network, source, { signal }), almost);
  return {
    ...analysis,
    tested: {
      dataset,
      images,
      thresholds: rows,
      almost,
      zeros: overall,
      layers: Object.fromEntries(layers),
    },
  };
}
