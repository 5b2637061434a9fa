import type { AnyImageDataset, ImageDatasetDefinition } from "@bn-only/datasets";
import type { Architecture } from "@bn-only/resnet-zoo";
import type { BackendCandidate } from "@bn-only/trainer";

/** What the modules of `--plugin` bring. */
export interface Plugins {
  /** The modules, as they were named. */
  readonly modules: readonly string[];
  readonly architectures: readonly Architecture[];
  readonly datasets: readonly ImageDatasetDefinition<AnyImageDataset>[];
  readonly backends: readonly BackendCandidate[];
}

export const noPlugins: Plugins = { modules: [], architectures: [], datasets: [], backends: [] };
