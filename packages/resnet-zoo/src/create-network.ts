import { Network, type NetworkDefinition, type NetworkOptions } from "@bn-only/frozen-layers";
import type { Architecture, BuildOptions } from "./architecture.ts";
import { type ResolvedName, resolveName } from "./registry.ts";

export interface CreateNetworkOptions extends NetworkOptions, Partial<BuildOptions> {
  /** Architectures of other packages to look the name up in, before the registered ones. */
  readonly architectures?: readonly Architecture[];
}

/**
 * A network by name, its weights drawn from `seed`.
 *
 * @throws NoSuchNetworkError for an unknown name, with the nearest valid one.
 */
export function createNetwork(name: string, options: CreateNetworkOptions = {}): Network {
  return new Network(
    defineNetwork(resolveName(name, options.architectures), name, options),
    options,
  );
}

/** The layers of a network without their weights. */
export function defineNetwork(
  { architecture, configuration }: ResolvedName,
  name: string,
  options: Partial<BuildOptions> = {},
): NetworkDefinition {
  const { classes, inputShape } = { ...architecture.defaults, ...options };
  const layer = architecture.build(configuration, { ...options, classes, inputShape });
  return { name, layer, inputShape, classes };
}
