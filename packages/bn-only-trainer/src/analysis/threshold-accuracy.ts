import type { Network } from "@bn-only/frozen-layers";
import { assertNames, assertSignal } from "../check.ts";
import { numbersOf, type Numbers } from "../compact/numbers.ts";
import { evaluate } from "../evaluate.ts";
import { assertOptions, whole } from "../options.ts";
import { setValues } from "../set-values.ts";
import type { BatchSource } from "../types.ts";
import { assertSource } from "../validate.ts";
import { assertThresholds, paperThresholds } from "./affine.ts";
import { affineLayers } from "./batch-norms.ts";
import { disabledShare } from "./gamma.ts";
import { withZeroedGammas } from "./zeroed-gammas.ts";

/**
 * Options of `thresholdAccuracy`. It tests the network once, and up to twice more for each threshold. An
 * abort rejects with the signal's reason.
 */
export interface ThresholdAccuracyOptions {
  /** Of |gamma|, ascending. Default 0.001, 0.01, 0.05, 0.1. */
  readonly thresholds?: readonly number[] | undefined;
  /** Images at a time. Default 256. */
  readonly batchSize?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What the network still does without some of its features. */
export interface ThresholdAccuracy {
  /** 0 for the network as it is. */
  readonly threshold: number;
  /** The share of gammas that were set to zero. */
  readonly share: number;
  /** 0 to 1, with the betas of those features as they are. */
  readonly accuracy: number;
  /** Mean cross-entropy in nats. */
  readonly loss: number;
  /** The same with those betas at zero, too. */
  readonly accuracyWithoutBeta: number;
  readonly lossWithoutBeta: number;
}

/**
 * Whether small gammas switch their features off: sets those under each threshold to zero, without training again, and
 * tests the network; once with the betas of these features, once without (arXiv 2003.00152, section 5). The first row is the network as it
 * is. Afterwards it has the numbers that it had.
 *
 * @throws InvalidOptionError for thresholds that are no ascending numbers from 0, and when the data do not fit the network.
 */
export async function thresholdAccuracy(
  network: Network,
  source: BatchSource,
  options: ThresholdAccuracyOptions = {},
): Promise<readonly ThresholdAccuracy[]> {
  assertNames("thresholdAccuracy", options, { thresholds: true, batchSize: true, signal: true });
  const { thresholds = paperThresholds, batchSize = 256, signal } = options;
  assertThresholds("thresholdAccuracy", thresholds);
  assertSignal("thresholdAccuracy", signal);
  assertOptions("thresholdAccuracy", { batchSize }, { batchSize: whole });
  assertSource(network, source, "test");
  const numbers = await numbersOf(network);
  const gammas = affineLayers(network).flatMap(({ gamma }) =>
    gamma ? [...numbers.get(gamma.path)!] : [],
  );
  const gamma = Float32Array.from(gammas);
  const test = async (): Promise<Tested> => {
    const { accuracy, loss } = await evaluate(network, source, { batchSize, signal });
    return { accuracy, loss };
  };

  const asItIs = await test();
  const rows = [row(0, 0, asItIs, asItIs)];
  try {
    for (const threshold of thresholds) {
      const share = disabledShare(gamma, threshold);
      const previous = rows.at(-1)!;
      if (share === previous.share) {
        rows.push({ ...previous, threshold });
        continue;
      }
      setAffine(network, withZeroedGammas(network, numbers, { threshold }));
      const withBeta = await test();
      setAffine(network, withZeroedGammas(network, numbers, { threshold, beta: true }));
      rows.push(row(threshold, share, withBeta, await test()));
    }
  } finally {
    setAffine(network, numbers);
  }
  return rows;
}

interface Tested {
  readonly accuracy: number;
  readonly loss: number;
}

function row(
  threshold: number,
  share: number,
  { accuracy, loss }: Tested,
  without: Tested,
): ThresholdAccuracy {
  return {
    threshold,
    share,
    accuracy,
    loss,
    accuracyWithoutBeta: without.accuracy,
    lossWithoutBeta: without.loss,
  };
}

function setAffine(network: Network, numbers: Numbers): void {
  const parameters = affineLayers(network).flatMap(({ gamma, beta }) =>
    [gamma, beta].filter((parameter) => parameter !== undefined),
  );
  setValues(new Map(parameters.map((parameter) => [parameter, numbers.get(parameter.path)!])));
}
