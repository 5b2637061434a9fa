import { show } from "@bn-only/errors";
import {
  Network,
  type NetworkDefinition,
  type NetworkOptions,
  type Shape,
} from "@bn-only/frozen-layers";
import type { Architecture, BuildOptions } from "./architecture.ts";
import { assertOptions, assertWhole } from "./check.ts";
import { ZooError } from "./errors.ts";
import { resolveName } from "./registry.ts";

/** Options of `defineNetwork`: for which images and classes, and where the name is looked up. */
export interface DefineNetworkOptions {
  /** `[height, width, channels]`. Default: that of the architecture. */
  readonly inputShape?: Shape | undefined;
  /** Default: that of the architecture. */
  readonly classes?: number | undefined;
  /** How many of the first stages trade time for memory; see `BuildOptions`. Default 0. */
  readonly checkpointedStages?: BuildOptions["checkpointedStages"];
  /** Architectures of other packages to look the name up in, before the registered ones. */
  readonly architectures?: readonly Architecture[] | undefined;
}

/** Options of `createNetwork`: its layers, and how their weights are drawn. */
export interface CreateNetworkOptions extends NetworkOptions, DefineNetworkOptions {}

/**
 * A network by name, its weights drawn from `seed`.
 *
 * @throws NoSuchNetworkError for an unknown name, with the nearest valid one; ZooError for an option that the architecture
 * cannot take; what `new Network` throws.
 */
export function createNetwork(name: string, options: CreateNetworkOptions = {}): Network {
  assertOptions("createNetwork", options, { ...layerOptions, ...weightOptions });
  const { seed, weights, batchNorm, ...layers } = options;
  return new Network(defineNetwork(name, layers), {
    ...(seed !== undefined && { seed }),
    ...(weights !== undefined && { weights }),
    ...(batchNorm !== undefined && { batchNorm }),
  });
}

const layerOptions = {
  inputShape: true,
  classes: true,
  checkpointedStages: true,
  architectures: true,
} as const;

const weightOptions = { seed: true, weights: true, batchNorm: true } as const;

/**
 * The layers of a network without their weights, for `new Network` and the trainer's `rebuildModel`.
 *
 * @throws NoSuchNetworkError for an unknown name, with the nearest valid one; ZooError for other wrong values.
 */
export function defineNetwork(name: string, options: DefineNetworkOptions = {}): NetworkDefinition {
  assertOptions("defineNetwork", options, layerOptions);
  const { architecture, configuration } = resolveName(name, options.architectures);
  const { checkpointedStages = 0 } = options;
  const { classes = architecture.defaults.classes } = options;
  const { inputShape = architecture.defaults.inputShape } = options;
  assertWhole("network: classes", classes, 1);
  assertWhole("network: checkpointedStages", checkpointedStages, 0);
  if (!Array.isArray(inputShape) || inputShape.length !== 3) {
    throw new ZooError(
      `network: inputShape must be [height, width, channels], got ${show(inputShape)}.`,
    );
  }
  for (const length of inputShape) assertWhole("network: inputShape", length, 1);
  const [height, width, channels] = inputShape as [number, number, number];
  const layer = architecture.build(configuration, {
    classes,
    inputShape: [height, width, channels],
    checkpointedStages,
  });
  return { name, layer, inputShape, classes };
}
