import {
  Network,
  type NetworkDefinition,
  type NetworkOptions,
  type Shape,
} from "@bn-only/frozen-layers";
import type { Architecture } from "./architecture.ts";
import { type ResolvedName, resolveName } from "./registry.ts";

export interface CreateNetworkOptions extends NetworkOptions {
  /** Default: that of the architecture. */
  readonly classes?: number;
  /** `[height, width, channels]`. Default: that of the architecture. */
  readonly inputShape?: Shape;
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
  options: Pick<CreateNetworkOptions, "classes" | "inputShape"> = {},
): NetworkDefinition {
  const { classes = architecture.defaults.classes, inputShape = architecture.defaults.inputShape } =
    options;
  const layer = architecture.build(configuration, { classes, inputShape });
  return { name, layer, inputShape, classes };
}
