import {
  countParameters,
  outlineNetwork,
  type ParameterCounts,
  type Shape,
} from "@bn-only/frozen-layers";
import type { PublishedNetwork } from "./architecture.ts";
import { type CreateNetworkOptions, defineNetwork } from "./create-network.ts";
import { architectures, resolveName } from "./registry.ts";

export interface NetworkDescription {
  readonly name: string;
  readonly family: string;
  readonly parameters: ParameterCounts;
  /** Multiply-accumulate operations per image, of convolutions and the output layer. */
  readonly macs: number;
  readonly inputShape: Shape;
  readonly classes: number;
  /** What was published about this very network. */
  readonly published?: PublishedNetwork;
}

/**
 * Counts of a network, without allocating its weights.
 *
 * @throws NoSuchNetworkError for an unknown name, with the nearest valid one.
 */
export function describeNetwork(
  name: string,
  options: Pick<CreateNetworkOptions, "classes" | "inputShape" | "architectures"> = {},
): NetworkDescription {
  const { architecture } = resolveName(name, options.architectures);
  const definition = defineNetwork(name, options);
  const { parameters, macs } = outlineNetwork(definition);
  const published = architecture.published.find((network) => network.name === name);
  return {
    name,
    family: architecture.family,
    parameters: countParameters(parameters),
    macs,
    inputShape: definition.inputShape,
    classes: definition.classes,
    ...(published && { published }),
  };
}

/** The published networks of every architecture; `pattern` may hold `*`, as in `cifar-*`. */
export function listNetworks(
  pattern = "*",
  options: Pick<CreateNetworkOptions, "architectures"> = {},
): string[] {
  const literal = pattern.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll(/\*+/g, ".*");
  const matches = new RegExp(`^${literal}$`);
  return [...(options.architectures ?? []), ...architectures()]
    .flatMap(({ published }) => published.map(({ name }) => name))
    .filter((name) => matches.test(name));
}
