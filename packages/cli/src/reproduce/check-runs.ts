import { describeNetwork } from "@bn-only/resnet-zoo";
import { checkBackendName } from "../backend.ts";
import { checkDatasetName } from "../data/load.ts";
import { noPlugins } from "../plugins/plugins.ts";
import { recipeOf } from "../training/recipe.ts";
import type { FigureSpec } from "./figure-spec.ts";

/**
 * Looks through all that a figure will ask for before the first run begins.
 *
 * @throws UsageError, ZooError or InvalidOptionError for what does not exist.
 */
export function checkRuns({ protocol, runs }: FigureSpec): void {
  checkBackendName(protocol.backend, noPlugins);
  checkDatasetName(protocol.dataset, noPlugins);
  recipeOf(protocol);
  const { inputShape, classes } = protocol;
  for (const network of runs.flatMap(({ networks }) => networks)) {
    describeNetwork(network, {
      ...(inputShape && { inputShape }),
      ...(classes !== undefined && { classes }),
    });
  }
}
