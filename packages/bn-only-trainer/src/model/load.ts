import { didYouMean, quoted } from "@bn-only/errors";
import {
  FrozenLayersError,
  type Layer,
  type Network,
  type NetworkDefinition,
  outlineNetwork,
  type Shape,
} from "@bn-only/frozen-layers";
import { assertNames, assertThat, hasMethods } from "../check.ts";
import { ModelFileError } from "../errors.ts";
import type { FileBytes } from "./bytes.ts";
import { sizeOf } from "./creation.ts";
import type { ModelMetadata } from "./metadata.ts";
import { readModel } from "./read.ts";
import { rebuildModel } from "./restore.ts";

/** What makes layers from a name: an `Architecture` of the zoo, or of your own. */
export interface ModelArchitecture {
  /** First part of the names, `cifar-resnet`. */
  readonly family: string;
  /** What the name stands for, or undefined for a name of another family. */
  parse(name: string): unknown;
  /** Layers of what `parse` gave. `loadModel` reports a `FrozenLayersError` as a `ModelFileError`. */
  build(
    configuration: unknown,
    options: { readonly inputShape: Shape; readonly classes: number },
  ): Layer;
  readonly defaults: { readonly inputShape: Shape };
}

/** Options of `loadModel`: a file whose network none of these can make is refused. */
export interface LoadModelOptions {
  /** Those whose names the file may have: `architectures()` of the zoo, and your own. */
  readonly architectures: readonly ModelArchitecture[];
}

/** What `loadModel` gives. The network is the caller's to dispose. */
export interface LoadedModel {
  readonly network: Network;
  readonly metadata: ModelMetadata;
  /** Sentences about the file that its user should read. */
  readonly warnings: readonly string[];
}

/**
 * The network of a model file, with the architecture, input shape, classes, seed and initialisation that it names.
 * Nothing of the file is executed.
 *
 * @throws ModelFileError when the bytes are no whole model, no architecture knows its name, or as `rebuildModel`.
 */
export async function loadModel(file: FileBytes, options: LoadModelOptions): Promise<LoadedModel> {
  assertNames<LoadModelOptions>("loadModel", options, { architectures: true });
  const { architectures } = options;
  assertThat(
    Array.isArray(architectures) && architectures.every(isArchitecture),
    "loadModel: architectures",
    "a list of architectures, such as architectures() of @bn-only/resnet-zoo",
    architectures,
  );
  const model = readModel(file);
  const { architecture: name, classes } = model.metadata;
  for (const architecture of architectures) {
    const configuration = architecture.parse(name);
    if (configuration === undefined) continue;
    const { inputShape = architecture.defaults.inputShape } = model.metadata;
    const definition = define(architecture, configuration, { name, inputShape, classes });
    const network = await rebuildModel(model, definition);
    return { network, metadata: model.metadata, warnings: model.warnings };
  }
  const families = architectures.map(({ family }) => family);
  throw new ModelFileError(
    `model file: it holds a ${quoted(name)}, which none of the architectures makes${didYouMean(name, families)} ` +
      `Given are ${families.join(", ") || "none"}; pass the one that trained it in { architectures }.`,
  );
}

/** @throws ModelFileError where no such network exists, as for images that are too small or have no channels. */
function define(
  architecture: ModelArchitecture,
  configuration: unknown,
  { name, inputShape, classes }: Omit<NetworkDefinition, "layer">,
): NetworkDefinition {
  try {
    const layer = architecture.build(configuration, { inputShape, classes });
    const definition = { name, layer, inputShape, classes };
    outlineNetwork(definition);
    return definition;
  } catch (error) {
    if (!FrozenLayersError.isInstance(error)) throw error;
    throw new ModelFileError(
      `model file: no ${quoted(name)} takes images of ${sizeOf(inputShape)}: ${error.message} Copy or train it again.`,
      { cause: error },
    );
  }
}

function isArchitecture(value: unknown): boolean {
  const { family, defaults } = Object(value) as Partial<ModelArchitecture>;
  const { inputShape } = Object(defaults) as Partial<ModelArchitecture["defaults"]>;
  return (
    hasMethods(value, "parse") &&
    hasMethods(value, "build") &&
    typeof family === "string" &&
    Array.isArray(inputShape)
  );
}
