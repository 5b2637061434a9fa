import { show } from "@bn-only/errors";
import {
  countParameters,
  outlineNetwork,
  type ParameterCounts,
  type Shape,
} from "@bn-only/frozen-layers";
import type { PublishedNetwork } from "./architecture.ts";
import { type CreateNetworkOptions, defineNetwork } from "./create-network.ts";
import { assertOptions } from "./check.ts";
import { ZooError } from "./errors.ts";
import { allArchitectures, resolveName } from "./registry.ts";

/** What `describeNetwork` tells; for other images or classes than the default, counts follow these. */
export interface NetworkDescription {
  readonly name: string;
  readonly family: string;
  readonly parameters: ParameterCounts;
  /** Multiply-accumulate operations per image, of convolutions and dense layers. */
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
  assertOptions("describeNetwork", options, {
    classes: true,
    inputShape: true,
    architectures: true,
  });
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
  assertOptions("listNetworks", options, { architectures: true });
  if (typeof pattern !== "string") {
    throw new ZooError(
      `listNetworks: pattern must be a text such as "cifar-*", got ${show(pattern)}.`,
    );
  }
  return allArchitectures(options.architectures ?? [])
    .flatMap(({ published }) => published.map(({ name }) => name))
    .filter((name) => matches(pattern, name));
}

/** Each part between stars at its first place, so that no pattern takes long. */
function matches(pattern: string, name: string): boolean {
  const parts = pattern.split("*");
  const last = parts.pop()!;
  const first = parts.shift();
  if (first === undefined) return name === last;
  if (!name.startsWith(first)) return false;
  let from = first.length;
  for (const part of parts) {
    const at = name.indexOf(part, from);
    if (at < 0) return false;
    from = at + part.length;
  }
  return name.length - last.length >= from && name.endsWith(last);
}
