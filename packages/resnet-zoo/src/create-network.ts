import { show } from "@bn-only/errors";
import { Network, type NetworkDefinition, type NetworkOptions } from "@bn-only/frozen-layers";
import type { Architecture, BuildOptions } from "./architecture.ts";
import { assertOptions, assertWhole } from "./check.ts";
import { ZooError } from "./errors.ts";
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
  assertOptions("createNetwork", options, names);
  const { seed, weights, batchNorm } = options;
  const definition = defineNetwork(resolveName(name, options.architectures), name, options);
  return new Network(definition, {
    ...(seed !== undefined && { seed }),
    ...(weights !== undefined && { weights }),
    ...(batchNorm !== undefined && { batchNorm }),
  });
}

const names = {
  seed: true,
  weights: true,
  batchNorm: true,
  inputShape: true,
  classes: true,
  checkpointedStages: true,
  architectures: true,
} as const;

/** The layers of a network without their weights. */
export function defineNetwork(
  { architecture, configuration }: ResolvedName,
  name: string,
  options: Partial<BuildOptions> = {},
): NetworkDefinition {
  const { classes = architecture.defaults.classes, checkpointedStages = 0 } = options;
  const { inputShape = architecture.defaults.inputShape } = options;
  assertWhole("createNetwork: classes", classes, 1);
  assertWhole("createNetwork: checkpointedStages", checkpointedStages, 0);
  if (!Array.isArray(inputShape) || inputShape.length !== 3) {
    throw new ZooError(
      `createNetwork: inputShape must be [height, width, channels], got ${show(inputShape)}.`,
    );
  }
  for (const length of inputShape) assertWhole("createNetwork: inputShape", length, 1);
  const layer = architecture.build(configuration, { classes, inputShape, checkpointedStages });
  return { name, layer, inputShape, classes };
}
