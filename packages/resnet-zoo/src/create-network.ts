import { Network, type NetworkDefinition, type NetworkOptions } from "@bn-only/frozen-layers";
import type { Architecture, BuildOptions } from "./architecture.ts";
import { resolveName } from "./registry.ts";

export interface DefineNetworkOptions extends Partial<BuildOptions> {
  /** Architectures of other packages to look the name up in, before the registered ones. */
  readonly architectures?: readonly Architecture[];
}

export interface CreateNetworkOptions extends NetworkOptions, DefineNetworkOptions {}

/**
 * A network by name, its weights drawn from `seed`.
 *
 * @throws NoSuchNetworkError for an unknown name, with the nearest valid one.
 */
export function createNetwork(name: string, options: CreateNetworkOptions = {}): Network {
  return new Network(defineNetwork(name, options), options);
}

/**
 * The layers of a network without their weights, for `new Network` and the trainer's `rebuildModel`.
 *
 * @throws NoSuchNetworkError for an unknown name, with the nearest valid one.
 */
export function defineNetwork(name: string, options: DefineNetworkOptions = {}): NetworkDefinition {
  const { architectures, ...build } = options;
  const { architecture, configuration } = resolveName(name, architectures);
  const { classes, inputShape } = { ...architecture.defaults, ...build };
  const layer = architecture.build(configuration, { ...build, classes, inputShape });
  return { name, layer, inputShape, classes };
}
