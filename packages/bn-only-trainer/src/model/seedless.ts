import type { Network } from "@bn-only/frozen-layers";

/** Networks whose layers or numbers follow from no seed: pruned, folded, or of a dense model file. */
const seedless = new WeakSet<Network>();

export function markSeedless(network: Network): void {
  seedless.add(network);
}

export function isSeedless(network: Network): boolean {
  return seedless.has(network);
}
