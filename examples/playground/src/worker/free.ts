import type { Network } from "@bn-only/frozen-layers";

/** Disposes a network, whether or not its device is still there. */
export function free(network: Network): void {
  try {
    network.dispose();
  } catch {
    // Its device is gone, and its tensors with it.
  }
}
