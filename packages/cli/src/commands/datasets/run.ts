import { listDatasets as knownDatasets } from "@bn-only/datasets";
import { imageSize } from "../../data/shape.ts";
import { count } from "../../format.ts";
import type { Io } from "../../io.ts";
import { writeJson } from "../../progress/json.ts";
import { loadPlugins } from "../../plugins/load.ts";
import type { PluginSelection } from "../shared/plugin-option.ts";
import { print } from "../../print.ts";

export interface DatasetsCommandOptions extends PluginSelection {
  readonly json?: boolean;
}

/** `bn-only datasets` */
export async function listDatasets(
  { plugin, json }: DatasetsCommandOptions,
  io: Io,
): Promise<void> {
  const plugins = await loadPlugins(plugin);
  const datasets = knownDatasets({ datasets: plugins.datasets });
  if (json) return writeJson(io, datasets);
  for (const {
    name,
    description,
    shape,
    trainSize,
    testSize,
    licence,
    citation,
    download,
  } of datasets) {
    const lines = [
      name,
      `  ${description}`,
      `  ${count(trainSize)} training and ${count(testSize)} test images of ${imageSize(shape)}`,
      `  ${download ? "fetched once, then cached" : "made on the spot"}; licence: ${licence}`,
      ...(citation ? [`  cite: ${citation}`] : []),
    ];
    print(io, lines.join("\n"));
  }
}
