import { defineNetwork } from "@bn-only/resnet-zoo";
import type { Network } from "@bn-only/frozen-layers";
import {
  checkModel,
  isDenseModel,
  type Model,
  readDenseModel,
  readModel,
  rebuildDenseModel,
  rebuildModel,
} from "@bn-only/trainer";
import { loadPlugins } from "../../plugins/load.ts";
import type { Plugins } from "../../plugins/plugins.ts";
import { assertPluginConsent } from "../shared/plugin-consent.ts";
import { type Notes, pluginsOf } from "./notes.ts";
import { naming, readModelFile, withName } from "./open-model.ts";

/** A model file of either kind, before a weight of it is drawn. */
export interface OpenedNetwork {
  readonly file: string;
  readonly bytes: number;
  readonly architecture: string;
  /** Undefined where no seed gives the network. */
  readonly seed: number | undefined;
  readonly classes: number;
  /** Of the images that it was trained on. */
  readonly inputShape: readonly number[];
  readonly notes: Notes;
  readonly warnings: readonly string[];
  readonly plugins: Plugins;
  /** Of a file that names a seed; one with all numbers has none. */
  readonly model?: Model;
  /** @param inputShape of other images than it was trained on */
  rebuild(inputShape?: readonly number[]): Promise<Network>;
}

/**
 * @param plugin modules that may run
 * @throws UsageError for a file that cannot be read or needs a plugin that was not named, ModelFileError for one that is no
 * model.
 */
export async function openNetwork(
  file: string,
  plugin: readonly string[] | undefined,
): Promise<OpenedNetwork> {
  const contents = await readModelFile(file);
  const open = naming(file, () => isDenseModel(contents)) ? openDense : openSeeded;
  return open(file, contents, plugin);
}

async function openSeeded(
  file: string,
  contents: Uint8Array,
  plugin: readonly string[] | undefined,
): Promise<OpenedNetwork> {
  const model = naming(file, () => readModel(contents));
  const { architecture, seed, classes, inputShape: trained, notes } = model.metadata;
  assertPluginConsent(`${file} was trained with`, pluginsOf(notes), plugin);
  const plugins = await loadPlugins(plugin);
  const define = (inputShape: readonly number[] | undefined = trained) =>
    defineNetwork(architecture, {
      architectures: plugins.architectures,
      classes,
      ...(inputShape && { inputShape }),
    });
  const own = define();
  naming(file, () => checkModel(model, own));
  return {
    file,
    bytes: contents.length,
    architecture,
    seed,
    classes,
    notes,
    plugins,
    model,
    inputShape: own.inputShape,
    warnings: model.warnings,
    rebuild: (inputShape) =>
      rebuildModel(model, define(inputShape)).catch((error: unknown) => {
        throw withName(file, error);
      }),
  };
}

async function openDense(
  file: string,
  contents: Uint8Array,
  plugin: readonly string[] | undefined,
): Promise<OpenedNetwork> {
  const model = naming(file, () => readDenseModel(contents));
  const { name, classes, inputShape, notes } = model;
  return {
    file,
    bytes: contents.length,
    architecture: name,
    classes,
    inputShape,
    notes,
    seed: undefined,
    warnings: [],
    // Its layers are in the file, but its data may be a plugin's.
    plugins: await loadPlugins(plugin),
    rebuild: async (shape) =>
      naming(file, () => rebuildDenseModel(model, { ...(shape && { inputShape: shape }) })),
  };
}
