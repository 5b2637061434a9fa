import { show } from "@bn-only/errors";
import type { Layer, Shape } from "@bn-only/frozen-layers";
import { ZooError } from "./errors.ts";

// A family of networks: one value of this type is all that a new architecture needs.
//
// `parse` decides alone whether a name belongs to the family. `build` must be pure: layers only, no
// tensors, so that a network can be described without allocating its weights.

/**
 * A family of networks: all that a new one needs. `defineArchitecture` checks it, `registerArchitecture`
 * makes its names known.
 */
export interface Architecture<Configuration = unknown> {
  /** First part of the names, `cifar-resnet`. */
  readonly family: string;
  /** How names are formed, for people: `cifar-resnet-<depth>[-<width>], depth = 6n + 2`. */
  readonly grammar: string;
  /** The configuration that `name` stands for, or undefined for a name of another family. */
  parse(name: string): Configuration | undefined;
  /** Layers of a configuration, without any tensor, for `inputShape` and `classes`. */
  build(configuration: Configuration, options: BuildOptions): Layer;
  readonly defaults: {
    /** `[height, width, channels]` */
    readonly inputShape: Shape;
    readonly classes: number;
  };
  /** Names worth listing, and what was published about them. */
  readonly published: readonly PublishedNetwork[];
  readonly paper: { readonly title: string; readonly url: string };
  /** The module of a layer's path in PyTorch, where it is another than in a ResNet: for `exportPyTorch` of the trainer. */
  readonly pytorchModule?: ((path: string) => string) | undefined;
}

/** Of the images that a network takes. */
export type ImageShape = readonly [height: number, width: number, channels: number];

/** What `build` is told; `createNetwork` and `defineNetwork` fill in the defaults. */
export interface BuildOptions {
  readonly inputShape: ImageShape;
  readonly classes: number;
  /**
   * How many of the first stages save only a few activations and run forward again in the backward
   * pass. A stage halves the size of what the one before it saves, at the same cost per block, so
   * the first ones are worth the most. Default 0.
   */
  readonly checkpointedStages?: number | undefined;
}

/** Figures of the paper for one network, not ours. */
export interface PublishedNetwork {
  readonly name: string;
  /** Test accuracy in percent of BatchNorm-only training with the full schedule. */
  readonly batchNormOnly?: number;
  /** The same with all parameters trained. */
  readonly allParameters?: number;
  /** Where the figures are from. */
  readonly source: string;
}

/**
 * Checks an architecture and returns it; gives third-party packages types and early errors.
 *
 * @throws ZooError when a member is missing, or a published name is not of the family's own grammar.
 */
export function defineArchitecture<Configuration>(
  architecture: Architecture<Configuration>,
): Architecture<Configuration> {
  assertArchitecture(architecture);
  const unknown = architecture.published.find(({ name }) => architecture.parse(name) === undefined);
  if (unknown) {
    throw new ZooError(
      `defineArchitecture: "${architecture.family}" lists "${unknown.name}" as published, but its parse() ` +
        `does not accept that name. Use a name of the form ${architecture.grammar}.`,
    );
  }
  return architecture;
}

function hasSizes(defaults: unknown): boolean {
  const { inputShape, classes } = Object(defaults) as Partial<BuildOptions>;
  const sizes =
    Array.isArray(inputShape) && inputShape.length === 3 ? [...inputShape, classes] : [0];
  return sizes.every((size) => Number.isSafeInteger(size) && size > 0);
}

/** @throws ZooError unless `value` has all that `createNetwork` asks an architecture for. */
export function assertArchitecture(value: unknown): asserts value is Architecture {
  const { family, grammar, parse, build, defaults, published, paper, pytorchModule } = Object(
    value,
  ) as Record<string, unknown>;
  const isNamed = (network: unknown): boolean =>
    typeof (network as PublishedNetwork | null | undefined)?.name === "string" &&
    typeof (network as PublishedNetwork).source === "string";
  const { title, url } = Object(paper) as Record<string, unknown>;
  const fits =
    [family, grammar, title, url].every((text) => typeof text === "string" && text !== "") &&
    [parse, build].every((part) => typeof part === "function") &&
    ["function", "undefined"].includes(typeof pytorchModule) &&
    hasSizes(defaults) &&
    Array.isArray(published) &&
    published.every(isNamed);
  if (fits) return;
  throw new ZooError(
    `architecture: expected { family, grammar, parse(), build(), defaults: { inputShape, classes }, published, paper: { title, url } }, ` +
      `got ${show(value)}. Make it with defineArchitecture.`,
  );
}
