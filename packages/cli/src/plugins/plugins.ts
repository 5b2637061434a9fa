import type { Architecture } from "@bn-only/resnet-zoo";

/** What the modules of `--plugin` bring. */
export interface Plugins {
  /** The modules, as they were named. */
  readonly modules: readonly string[];
  readonly architectures: readonly Architecture[];
}

export const noPlugins: Plugins = { modules: [], architectures: [] };
