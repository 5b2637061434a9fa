import { show } from "@bn-only/errors";
import { type Architecture, assertArchitecture } from "./architecture.ts";
import { cifarDenseNet } from "./architectures/cifar-densenet.ts";
import { cifarResNet } from "./architectures/cifar-resnet.ts";
import { cifarVgg } from "./architectures/cifar-vgg.ts";
import { imagenetResNet } from "./architectures/imagenet-resnet.ts";
import { mlp } from "./architectures/mlp.ts";
import { mobilenetV2 } from "./architectures/mobilenet-v2.ts";
import { NoSuchNetworkError, ZooError } from "./errors.ts";
import { nearestNetwork } from "./nearest-network.ts";

const builtIn: readonly Architecture[] = [
  cifarResNet as Architecture,
  imagenetResNet as Architecture,
  cifarVgg as Architecture,
  cifarDenseNet as Architecture,
  mobilenetV2 as Architecture,
  mlp as Architecture,
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
  assertArchitecture(architecture);
  if (architectures().some(({ family }) => family === architecture.family)) {
    throw new ZooError(
      `registerArchitecture: the family "${architecture.family}" exists already. Choose another name for yours.`,
    );
  }
  registered.push(architecture as Architecture);
}

/** The families that names are looked up in: those of this package, then those of `registerArchitecture`. */
export function architectures(): readonly Architecture[] {
  return [...builtIn, ...registered];
}

/** @throws ZooError when one of `extra` is no architecture. */
export function allArchitectures(extra: readonly Architecture[]): Architecture[] {
  if (!Array.isArray(extra)) {
    throw new ZooError(`architectures: expected a list of architectures, got ${show(extra)}.`);
  }
  for (const architecture of extra) assertArchitecture(architecture);
  return [...(extra as readonly Architecture[]), ...architectures()];
}

/** An architecture, and the configuration that a name stands for in it. */
export interface ResolvedName {
  readonly architecture: Architecture;
  readonly configuration: unknown;
}

/** @throws NoSuchNetworkError with the nearest valid name. */
export function resolveName(name: string, extra: readonly Architecture[] = []): ResolvedName {
  const all = allArchitectures(extra);
  if (typeof name !== "string") {
    throw new ZooError(`network: expected a name such as "cifar-resnet-14", got ${show(name)}.`);
  }
  for (const architecture of all) {
    const configuration = architecture.parse(name);
    if (configuration !== undefined) return { architecture, configuration };
  }
  const grammars = all.map(({ grammar }) => grammar);
  throw new NoSuchNetworkError(name, nearestNetwork(name, all), grammars);
}
