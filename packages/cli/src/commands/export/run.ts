import { countScalars } from "@bn-only/frozen-layers";
import { defineNetwork, pytorchModules } from "@bn-only/resnet-zoo";
import {
  exportPyTorch,
  isDenseModel,
  type ModelMetadata,
  rebuildModel,
  useBackend,
} from "@bn-only/trainer";
import { UsageError } from "../../errors.ts";
import { bytes, count } from "../../format.ts";
import type { Io } from "../../io.ts";
import { loadPlugins } from "../../plugins/load.ts";
import { print } from "../../print.ts";
import { writeJson } from "../../progress/json.ts";
import { createReporter } from "../../progress/reporter.ts";
import { imageSize } from "../../data/shape.ts";
import { pluginsOf } from "../evaluate/notes.ts";
import { modelFileOf, naming, openModel, readModelFile, withName } from "../evaluate/open-model.ts";
import { checkTarget } from "../shared/output-file.ts";
import { assertPluginConsent } from "../shared/plugin-consent.ts";
import type { PluginSelection } from "../shared/plugin-option.ts";
import { writeOutput } from "../shared/write-output.ts";

export interface ExportCommandOptions extends PluginSelection {
  readonly out?: string;
  readonly overwrite?: boolean;
  readonly json?: boolean;
}

/** `bn-only export`: every weight of a model in one file, for programs that cannot draw them. */
export async function runExport(
  path: string,
  options: ExportCommandOptions,
  io: Io,
): Promise<void> {
  const file = modelFileOf(path);
  const given = await readModelFile(file);
  if (naming(file, () => isDenseModel(given))) {
    throw new UsageError(
      `${file} has all weights already, under the names that PyTorch reads. There is nothing to export.`,
    );
  }
  const { model } = await openModel(file);
  const { metadata } = model;
  const { architecture, classes, inputShape, seed, initialization, notes } = metadata;
  assertPluginConsent(`${file} was trained with`, pluginsOf(notes), options.plugin);
  const out = options.out ?? defaultName(metadata);
  checkTarget(file, out, options.overwrite);
  const { architectures } = await loadPlugins(options.plugin);
  const definition = defineNetwork(architecture, {
    architectures,
    classes,
    ...(inputShape && { inputShape }),
  });
  const reporter = createReporter(io, options);
  for (const warning of model.warnings) reporter.line(`${file}: ${warning}`);
  // Any backend holds the same bits; this one has nothing to start.
  await useBackend("cpu");
  const network = await rebuildModel(model, definition).catch((error: unknown) => {
    throw withName(file, error);
  });
  const described = {
    ...notes,
    architecture,
    ...(inputShape && { inputShape: imageSize(inputShape) }),
    classes: String(classes),
    seed: String(seed),
    weightInit: initialization.weights,
  };
  const modules = pytorchModules(architecture, { architectures });
  const contents = await exportPyTorch(network, described, modules);
  const parameters = countScalars(network.parameters);
  network.dispose();
  await writeOutput(out, contents, io.signal);
  if (options.json) {
    return writeJson(io, { event: "result", out, bytes: contents.length, parameters });
  }
  print(
    io,
    `${out}: ${count(parameters)} parameters of ${architecture}, ${bytes(contents.length)}`,
  );
}

function defaultName({ architecture, seed }: ModelMetadata): string {
  return `${architecture.replaceAll(/[^\w.-]/g, "_")}-seed${seed}.safetensors`;
}
