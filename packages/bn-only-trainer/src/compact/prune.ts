import { describeLayer, type Network } from "@bn-only/frozen-layers";
import { withZeroedGammas } from "../analysis/zeroed-gammas.ts";
import { assertNames, assertNetwork } from "../check.ts";
import { InvalidOptionError } from "../errors.ts";
import { assertOptions, notNegative, whole } from "../options.ts";
import { buildNetwork } from "./build.ts";
import { numbersOf } from "./numbers.ts";
import { planPruning } from "./plan.ts";
import { withoutUnneeded } from "./rewrite.ts";
import { traceFeatures } from "./trace.ts";

/** Options of `pruneNetwork`: which features may go, and how many of a layer stay. */
export interface PruneOptions {
  /**
   * Gammas with `|gamma| < threshold` count as zero, which changes what the network computes. Default 0: only
   * what is zero already, and outputs stay the same to rounding.
   */
  readonly threshold?: number | undefined;
  /**
   * Each layer keeps a multiple of so many channels, for kernels that compute several at once; `backend-wasm` does 8.
   * Default 1: all that can go goes.
   */
  readonly multiple?: number | undefined;
}

/** A convolution or dense layer, and how many features it gives. */
export interface PrunedLayer {
  readonly path: string;
  readonly before: number;
  readonly after: number;
}

/** What `pruneNetwork` gives. The caller disposes the new network as well as the old one. */
export interface Pruned {
  /** With tensors of its own; paths are those of the network it was made of. */
  readonly network: Network;
  /** In the order in which they run; layers that give the logits are left out, as all of these stay. */
  readonly layers: readonly PrunedLayer[];
}

/**
 * The network without the features that BatchNorm has switched off: where `gamma = 0` a channel is `relu(beta)` for every
 * image and pixel, and what it adds to the next layers is folded into them. The given network does not change.
 *
 * Exact in running-statistics mode, to rounding:
 * - A constant goes into the running mean of the BatchNorm behind the convolution that read it, or into a bias.
 * - Next to a margin of zeros it is not constant. There one of a layer's constants stays and carries the others in its weights.
 * - Channels that a residual join adds are removed where all that is added is constant, at every block that reads them.
 * - Every layer keeps at least one channel. What layers read that are none of convolution, dense, BatchNorm, pooling and
 *   activation stays whole.
 *
 * @throws InvalidOptionError for a threshold that is no number from 0, and when the network has no gamma;
 * FrozenLayersError for layers that cannot be written down; OutOfMemoryError of the backend.
 */
export async function pruneNetwork(network: Network, options: PruneOptions = {}): Promise<Pruned> {
  assertNetwork("pruneNetwork", network);
  assertNames("pruneNetwork", options, { threshold: true, multiple: true });
  const { threshold = 0, multiple = 1 } = options;
  assertOptions(
    "pruneNetwork",
    { threshold, multiple },
    { threshold: notNegative, multiple: whole },
  );
  if (!network.parameters.some(({ role }) => role === "bn.gamma")) {
    throw new InvalidOptionError(
      `pruneNetwork: ${network.name} has no gamma to go by. Prune a network before its BatchNorm is folded.`,
    );
  }
  const description = describeLayer(network.layer);
  const numbers = withZeroedGammas(network, await numbersOf(network), { threshold });
  const trace = traceFeatures(network, numbers);
  const carriers = planPruning(trace, multiple);
  const rewritten = withoutUnneeded(network.layer, description, { trace, carriers, numbers });
  const logits = new Set(trace.logits.map(({ root }) => root));
  const layers = [...trace.reads.keys()].flatMap((layer) => {
    const features = trace.features.get(layer)!;
    if (features.some(({ root }) => logits.has(root))) return [];
    const after = features.filter(({ needed }) => needed).length;
    return [{ path: layer.path, before: features.length, after }];
  });
  return { network: buildNetwork(network, rewritten), layers };
}
