import { type Layer, type LayerDescription, type Network, walk } from "@bn-only/frozen-layers";
import { assertNetwork } from "../check.ts";
import { InvalidOptionError } from "../errors.ts";
import { buildNetwork } from "./build.ts";
import { foldLayer } from "./fold-layer.ts";
import { numbersOf } from "./numbers.ts";

/** What `foldNetwork` gives. The caller disposes the new network as well as the old one. */
export interface Folded {
  /** With tensors of its own. */
  readonly network: Network;
  /** How many BatchNorms went into the convolution or dense layer before them. */
  readonly folded: number;
  /** Paths of BatchNorms that stay, since nothing stands before them that could take them. */
  readonly remaining: readonly string[];
}

/**
 * The network for inference: each BatchNorm with running statistics is a scale and a shift, and goes into the convolution or
 * dense layer before it, `w' = w · gamma / √(variance + ε)` and `b' = beta + (b − mean) · gamma / √(variance + ε)`. Outputs stay
 * the same to rounding. A ReLU that the BatchNorm did stands behind as a layer of its own. A BatchNorm behind
 * anything else, as in a DenseNet, stays. The given network does not change.
 *
 * @throws InvalidOptionError for a network without BatchNorm behind a convolution or dense layer; FrozenLayersError for
 * layers that cannot be written down; OutOfMemoryError of the backend.
 */
export async function foldNetwork(network: Network): Promise<Folded> {
  assertNetwork("foldNetwork", network);
  const old = await numbersOf(network);
  const folding = { old, numbers: new Map(old) };
  const layer = foldLayer(network.layer, folding);
  const [before, after] = [normsIn(network.layer), normsOf(layer)];
  if (before.length === after.length) {
    throw new InvalidOptionError(
      `foldNetwork: ${network.name} has no BatchNorm behind a convolution or dense layer. There is nothing to fold.`,
    );
  }
  return {
    network: buildNetwork(network, { layer, numbers: folding.numbers }),
    folded: before.length - after.length,
    remaining: after,
  };
}

function normsIn(root: Layer): string[] {
  return [...walk(root)].filter(({ kind }) => kind === "batchNorm").map(({ path }) => path);
}

function normsOf({ kind, children = {} }: LayerDescription, path = ""): string[] {
  if (kind === "batchNorm") return [path];
  return Object.entries(children).flatMap(([name, child]) =>
    normsOf(child, path === "" ? name : `${path}/${name}`),
  );
}
