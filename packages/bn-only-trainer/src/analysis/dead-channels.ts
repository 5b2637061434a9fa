import { assertThat } from "../check.ts";
import { assertOptions, type Rule } from "../options.ts";

/** Of channels that a ReLU has seen. */
export interface DeadChannels {
  readonly channels: number;
  /** The mean share of zeros among their outputs. */
  readonly zeros: number;
  /** Zero for every image and pixel. */
  readonly dead: number;
  /** Zero for at least the share of them that was asked for; the dead ones included. */
  readonly almostDead: number;
}

/** What `deadChannels` counts: over all layers that end in a ReLU, and in each. */
export interface DeadChannelsAnalysis {
  readonly overall: DeadChannels;
  /** By the path of the layer that ends in the ReLU, in the order in which they run. */
  readonly layers: ReadonlyMap<string, DeadChannels>;
}

const share: Rule = [(value) => value > 0 && value <= 1, "a number above 0 and up to 1"];

/**
 * Counts the channels that are dead on all inputs, and on almost all.
 *
 * @param zeros what `zeroOutputs` gave
 * @param almost share of zeros from which a channel counts as almost dead; default 0.99
 * @throws InvalidOptionError for a share that is not above 0 and up to 1.
 */
export function deadChannels(
  zeros: ReadonlyMap<string, Float64Array>,
  almost = 0.99,
): DeadChannelsAnalysis {
  const fits = zeros instanceof Map && [...zeros.values()].every((v) => v instanceof Float64Array);
  assertThat(fits, "deadChannels: zeros", "what zeroOutputs gives", zeros);
  assertOptions("deadChannels", { almost }, { almost: share });
  const count = (shares: readonly number[]): DeadChannels => ({
    channels: shares.length,
    zeros: shares.length === 0 ? 0 : shares.reduce((sum, one) => sum + one, 0) / shares.length,
    dead: shares.filter((one) => one === 1).length,
    almostDead: shares.filter((one) => one >= almost).length,
  });
  return {
    overall: count([...zeros.values()].flatMap((shares) => [...shares])),
    layers: new Map([...zeros].map(([path, shares]) => [path, count([...shares])])),
  };
}
