import { observeOps, type OpEvent } from "../kernels/run-op.ts";
import { Network } from "../network.ts";
import type { AnyOp } from "../ops/op.ts";
import { assertNoReference } from "./case.ts";
import { checkGradients } from "./check-gradients.ts";
import { layerNetworks } from "./layer-networks.ts";

/** A small network whose `backward` is compared with central differences of its `forward`. */
export interface LayerCase {
  readonly name: string;
  /** Largest relative error of a correct float32 backend. */
  readonly tolerance: number;
  /**
   * Runs on tfjs's current backend.
   *
   * @param implemented the ops of which the backend states that it has kernels of its own
   * @throws FrozenLayersError when one of them ran by the reference, a gradient is missing or a tensor leaks.
   */
  run(implemented?: readonly AnyOp[]): Promise<{ error: number; parameter: string }>;
}

const INPUT_SHAPE = [6, 6, 2];

/** Gradients of every layer by every parameter, in a random direction each. */
export function layerCases(): LayerCase[] {
  return Object.entries(layerNetworks).map(([name, layer]) => ({
    name,
    tolerance: 1e-2,
    async run(implemented = []) {
      const network = networkOf(layer());
      const events: OpEvent[] = [];
      const stop = observeOps((event) => events.push(event));
      try {
        const result = await checkGradients(network);
        assertNoReference(events, implemented);
        return result;
      } finally {
        stop();
        network.dispose();
      }
    },
  }));
}

function networkOf(layer: Network["layer"]): Network {
  const [classes] = layer.outline(INPUT_SHAPE).outputShape as [number];
  const definition = { name: "layers", layer, inputShape: INPUT_SHAPE, classes };
  const network = new Network(definition, { seed: 4 });
  network.setTrainable("**");
  return network;
}
