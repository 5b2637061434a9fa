import { buildLayer, Network, outlineNetwork } from "@bn-only/frozen-layers";
import { markSeedless } from "../model/seedless.ts";
import { setValues } from "../set-values.ts";
import type { Rewritten } from "./rewrite.ts";

/**
 * A network of these layers and numbers.
 *
 * @throws OutOfMemoryError of the backend; nothing stays then.
 */
export function buildNetwork(
  { name, inputShape, classes }: Pick<Network, "name" | "inputShape" | "classes">,
  { layer, numbers }: Rewritten,
): Network {
  const definition = { name, inputShape, classes, layer: buildLayer(layer) };
  const { parameters, buffers } = outlineNetwork(definition);
  const network = new Network(definition);
  markSeedless(network);
  try {
    setValues(
      new Map([...parameters, ...buffers].map((state) => [state, numbers.get(state.path)!])),
    );
  } catch (error) {
    network.dispose();
    throw error;
  }
  return network;
}
