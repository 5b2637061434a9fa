import { describeNetwork } from "@bn-only/resnet-zoo";
import { FOLDER } from "../data/folder.ts";
import { checkBackendName } from "../backend.ts";
import { checkDatasetName, loadData } from "../data/load.ts";
import { noPlugins } from "../plugins/plugins.ts";
import { recipeOf } from "../training/recipe.ts";
import type { Io } from "../io.ts";
import type { Reporter } from "../progress/reporter.ts";
import { UsageError } from "../errors.ts";
import { drawnAlike } from "./condition-names.ts";
import { configurationsOf, type FigureName, type FigureSpec } from "./figure-spec.ts";
import { drawsNames } from "./figures/index.ts";
import { depthOf } from "./networks.ts";

/** Figures with an axis of depth or width. */
const needsDepth: ReadonlySet<FigureName> = new Set(["depth", "width", "random-2", "imagenet"]);

/**
 * Looks through all that a figure will ask for before the first run begins.
 *
 * @throws UsageError, ZooError or InvalidOptionError for what does not exist.
 */
export function checkRuns(spec: FigureSpec): void {
  const { figure, protocol, runs } = spec;
  const alike = drawsNames.has(figure) ? undefined : drawnAlike(configurationsOf(spec));
  if (alike !== undefined) {
    throw new UsageError(
      `${figure} draws "${alike[0]}" and "${alike[1]}" in the same way, and so cannot show both. ` +
        `Leave one of them out, or choose the figure conditions.`,
    );
  }
  checkBackendName(protocol.backend, noPlugins);
  checkDatasetName(protocol.dataset, noPlugins);
  recipeOf(protocol);
  const { inputShape, classes } = protocol;
  for (const network of runs.flatMap(({ networks }) => networks)) {
    if (needsDepth.has(figure) && Number.isNaN(depthOf(network))) {
      throw new UsageError(
        `${figure} shows residual networks by what their names say, and ${network} is none. Leave it out.`,
      );
    }
    describeNetwork(network, {
      ...(inputShape && { inputShape }),
      ...(classes !== undefined && { classes }),
    });
  }
}

/**
 * Lists a folder of images, so that what is wrong with it is said once and before the first run.
 *
 * @throws FormatError for a folder that is not there, or a class without images; UsageError for sizes that do not fit.
 */
export async function checkImages(
  { protocol, runs, seeds }: FigureSpec,
  { io, reporter }: { readonly io: Io; readonly reporter: Reporter },
): Promise<void> {
  if (!protocol.dataset.startsWith(FOLDER)) return;
  const network = describeNetwork(runs[0]!.networks[0]!);
  const request = { ...protocol, plugins: noPlugins, network, signal: io.signal, seed: seeds[0]! };
  await loadData(request, reporter);
}
