import type { Architecture } from "./architecture.ts";
import { cifarResNet } from "./architectures/cifar-resnet.ts";
import { imagenetResNet } from "./architectures/imagenet-resnet.ts";
import { NoSuchNetworkError, ZooError } from "./errors.ts";
import { nearestNetwork } from "./nearest-network.ts";

const builtIn: readonly Architecture[] = [
  cifarResNet as Architecture,
  imagenetResNet as Architecture,
];
const registered: Architecture[] = [];

/**
 * Makes the names of a third-party architecture known to this process.
 *
 * @throws ZooError when its family is taken.
 */
export function registerArchitecture<Configuration>(
  architecture: Architecture<Configuration>,
): void {
  if (architectures().some(({ family }) => family === architecture.family)) {
    throw new ZooError(
      `registerArchitecture: the family "${architecture.family}" exists already. Choose another name for yours.`,
    );
  }
  registered.push(architecture as Architecture);
}

export function architectures(): readonly Architecture[] {
  return [...builtIn, ...registered];
}

/** An architecture, and the configuration that a name stands for in it. */
export interface ResolvedName {
  readonly architecture: Architecture;
  readonly configuration: unknown;
}

/** @throws NoSuchNetworkError with the nearest valid name. */
export function resolveName(name: string, extra: readonly Architecture[] = []): ResolvedName {
  const all = [...extra, ...architectures()];
  for (const architecture of all) {
    const configuration = architecture.parse(name);
    if (configuration !== undefined) return { architecture, configuration };
  }
  const grammars = all.map(({ grammar }) => grammar);
  throw new NoSuchNetworkError(name, nearestNetwork(name, all), grammars);
}
